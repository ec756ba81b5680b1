package dev.lejepa.runtime.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import dev.lejepa.runtime.engine.EngineException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceFaultsTest {
    private FarMemory memory;

    @BeforeEach
    void begin() {
        NativeLibrary.load();
        memory = new FarMemory(1 << 30);
    }

    @AfterEach
    void end() {
        memory.close();
    }

    private RuntimeException of(String said) {
        return DeviceFaults.of("train.onnx", new EngineException(said), memory);
    }

    @Test
    void whatTheArenaLacksIsNamed() {
        var fault = assertInstanceOf(
                DeviceMemoryException.class,
                of("train.onnx: Non-zero status code returned while running MatMul node. Status Message: "
                        + "Failed to allocate memory for requested buffer of size 2147483648"));
        assertEquals((1L << 31) - (1 << 30), fault.missing());
        assertTrue(
                fault.getMessage().startsWith("the device's memory is full: train.onnx found 1.07 GB free ("),
                fault.getMessage());
    }

    /// As CUDA, our kernels' driver calls, cuBLAS and cuDNN have it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc((void**)&p, size);",
                "running Rows_3 node. Status Message: cuMemAllocAsync: out of memory",
                "cuModuleLoadData: out of memory",
                "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0",
                "CUDNN failure 4000: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"
            })
    void fullMemoryIsKnownByWhatLibrariesSay(String said) {
        assertEquals(0, assertInstanceOf(DeviceMemoryException.class, of(said)).missing());
    }

    @Test
    void aLostDeviceIsToldAsThatWhateverTheLibrarySaid() {
        memory.lost = Optional.of(new CudaException("cudaStreamSynchronize: unspecified launch failure", 719));
        var fault = assertInstanceOf(CudaException.class, of("CUBLAS_STATUS_ALLOC_FAILED"));
        assertTrue(fault.isDeviceLost());
        assertEquals("train.onnx: cudaStreamSynchronize: unspecified launch failure", fault.getMessage());
    }

    @Test
    void anyOtherFaultStaysWhatItIs() {
        var fault = new EngineException("train.onnx: a shape does not fit");
        assertSame(fault, DeviceFaults.of("train.onnx", fault, memory));
    }
}
