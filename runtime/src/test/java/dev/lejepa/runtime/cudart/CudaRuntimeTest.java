package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Devices that cannot be used, over a library without any.
class CudaRuntimeTest {
    private static final int FAILED = 719;

    private final Arena arena = Arena.ofShared();

    @AfterEach
    void end() {
        arena.close();
    }

    /// CUDA's runtime library for a machine with one device.
    @SuppressWarnings("unused") // called by name
    private static final class OneDevice {
        private final Arena arena;
        private final int driver;
        private final int major;
        private final int minor;
        private int answer;

        OneDevice(Arena arena, int driver, int major, int minor) {
            this.arena = arena;
            this.driver = driver;
            this.major = major;
            this.minor = minor;
        }

        int cudaDriverGetVersion(MemorySegment out) {
            FakeLibrary.at(out, 4).set(JAVA_INT, 0, driver);
            return 0;
        }

        int cudaGetDeviceCount(MemorySegment out) {
            FakeLibrary.at(out, 4).set(JAVA_INT, 0, 1);
            return 0;
        }

        int cudaDeviceGetAttribute(MemorySegment out, int attribute, int device) {
            FakeLibrary.at(out, 4).set(JAVA_INT, 0, attribute == 75 ? major : minor);
            return 0;
        }

        int cudaGetDeviceProperties(MemorySegment out, int device) {
            FakeLibrary.at(out, 4096).setString(0, "Tesla of old");
            return 0;
        }

        int cudaSetDevice(int device) {
            return 0;
        }

        int cudaStreamSynchronize(MemorySegment stream) {
            return answer;
        }

        MemorySegment cudaGetErrorString(int code) {
            return arena.allocateFrom("error " + code);
        }
    }

    private CudaRuntime open(OneDevice library, int device) {
        return CudaRuntime.over(new FakeLibrary(arena, library), device);
    }

    private String refusal(OneDevice library, int device) {
        return assertThrows(BadInputException.class, () -> open(library, device))
                .getMessage();
    }

    @Test
    void aDeviceOlderThanTheKernelsIsRefusedByItsName() {
        assertEquals(
                "device 'cuda:0' (Tesla of old) is of compute capability 7.0; ONNX Runtime's kernels need 7.5 or newer, and those of ours 8.0",
                refusal(new OneDevice(arena, 13_000, 7, 0), 0));
        assertEquals("sm_75", open(new OneDevice(arena, 13_000, 7, 5), 0).architecture());
        assertEquals("sm_120", open(new OneDevice(arena, 13_000, 12, 0), 0).architecture());
    }

    @Test
    void anOldDriverAndADeviceThatIsNotThereAreRefused() {
        assertTrue(refusal(new OneDevice(arena, 12_080, 9, 0), 0).contains("it knows CUDA up to 12.8"));
        assertEquals(
                "device 'cuda:3' does not exist; CUDA finds cuda:0 alone",
                refusal(new OneDevice(arena, 13_000, 9, 0), 3));
    }

    @Test
    void aDeviceIsLostAfterErrorsThatLast() {
        var library = new OneDevice(arena, 13_000, 9, 0);
        var runtime = open(library, 0);
        library.answer = FAILED;
        var thrown = assertThrows(CudaException.class, () -> runtime.await(1));
        assertEquals("cudaStreamSynchronize: error 719", thrown.getMessage());
        assertTrue(thrown.isDeviceLost());
        for (var passing : List.of(1, 2, 400, 701, 900)) {
            library.answer = passing;
            assertFalse(
                    assertThrows(CudaException.class, () -> runtime.await(1)).isDeviceLost(), passing::toString);
        }
    }
}
