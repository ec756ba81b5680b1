package dev.lejepa.runtime.cudart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.runtime.cudart.CudnnConvolution.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What cuDNN says without a device: it makes plans for one that is described to it.
final class CudnnDeviceTest {
    private static Optional<Cudnn> library = Optional.empty();

    @BeforeAll
    static void open() {
        library = Cudnn.open();
    }

    /// Convolutions of ResNet, ConvNeXt, EfficientNet and RegNet, and some of odd sizes.
    ///
    /// @param groups of channels
    /// @param lopsided how much less is before the maps than behind them, as TensorFlow pads
    private record Layer(
            long images, long channels, long size, long filters, long kernel, long stride, long groups, long lopsided) {
        CudnnConvolution in(Direction direction) {
            var after = kernel == stride ? 0 : (kernel - 1) / 2;
            var before = after - lopsided;
            var places = (size + before + after - kernel) / stride + 1;
            return new CudnnConvolution(
                    direction,
                    List.of(images, channels, size, size + 1),
                    List.of(filters, channels / groups, kernel, kernel),
                    List.of(images, filters, places, (size + 1 + before + after - kernel) / stride + 1),
                    List.of(stride, stride),
                    List.of(before, before),
                    List.of(after, after),
                    List.of(1L, 1L));
        }
    }

    private static final List<Layer> LAYERS = List.of(
            new Layer(256, 3, 224, 64, 7, 2, 1, 0),
            new Layer(256, 64, 56, 64, 3, 1, 1, 0),
            new Layer(256, 64, 56, 256, 1, 1, 1, 0),
            new Layer(256, 256, 56, 512, 1, 2, 1, 0),
            new Layer(256, 512, 7, 512, 3, 1, 1, 0),
            new Layer(256, 3, 224, 96, 4, 4, 1, 0),
            new Layer(256, 96, 56, 96, 7, 1, 96, 0),
            new Layer(256, 144, 56, 144, 5, 2, 144, 0),
            new Layer(256, 128, 56, 128, 3, 2, 8, 0),
            new Layer(7, 12, 33, 20, 3, 2, 1, 0),
            new Layer(3, 5, 9, 10, 3, 1, 5, 0),
            new Layer(256, 3, 224, 32, 3, 2, 1, 1),
            new Layer(256, 96, 112, 96, 3, 2, 96, 1),
            new Layer(256, 144, 56, 144, 5, 2, 144, 1));

    /// The properties that cuDNN asks for, in the form in which it writes them; numbers are those of NVIDIA's
    /// data sheets.
    private static String json(int version, int processors, int sharedBytes) {
        return """
                {"cudaDeviceId": 0, "deviceName": "described", "deviceVer": %d, "driverVer": 13000,
                 "multiProcessorCount": %d, "maxGridSize": [2147483647, 65535, 65535], "maxBlockSize": [1024, 1024, 64],
                 "regsPerBlock": 65536, "maxRegistersPerSM": 65536, "warpSize": 32, "maxThreadsPerBlock": 1024,
                 "maxThreadsPerSM": 2048, "maxCtasPerSM": 32, "maxSharedMemoryPerBlock": 49152,
                 "maxSharedMemoryPerBlockOptin": %d, "reservedSharedMemoryPerBlock": 1024, "l2CacheSize": 41943040,
                 "smClockRateKHz": 1500000, "memClockRateKHz": 1500000, "totalGlobalMem": 80000000000,
                 "pciDeviceId": 0, "isTccDriver": 0, "supportCoopLaunch": 1}
                """.formatted(version, processors, sharedBytes).strip();
    }

    private static CudnnDevice device(int version, int processors, int sharedBytes) {
        assumeTrue(library.isPresent(), "libcudnn.so.9 is not in the library path");
        return CudnnDevice.described(library.get(), json(version, processors, sharedBytes));
    }

    private static CudnnDevice hopper() {
        return device(900, 132, 232_448);
    }

    @ParameterizedTest
    @CsvSource({"800, 108, 166912", "890, 58, 101376", "900, 132, 232448", "1000, 148, 232448"})
    void everyConvolutionHasAPlanWithEqualBitsOnEveryArchitecture(int version, int processors, int sharedBytes) {
        try (var device = device(version, processors, sharedBytes)) {
            var missing = new ArrayList<String>();
            for (var layer : LAYERS) {
                for (var direction : Direction.values()) {
                    try (var plan = device.plan(layer.in(direction), true)) {
                        assertTrue(plan.workspaceBytes() >= 0);
                    } catch (CudaException e) {
                        missing.add(e.getMessage());
                    }
                }
            }
            assertEquals(List.of(), missing);
        }
    }

    /// cuDNN's first choice for it pads every group to eight channels.
    @Test
    void aDepthwiseGradientOfFiltersTakesNoMoreMemoryThanItsMaps() {
        try (var device = hopper()) {
            var convolution = new Layer(256, 96, 56, 96, 7, 1, 96, 0).in(Direction.FILTERS);
            try (var plan = device.plan(convolution, false)) {
                assertTrue(plan.workspaceBytes() <= convolution.bytes());
            }
        }
    }

    @Test
    void aConvolutionThatCannotBeIsToldInOneLine() {
        try (var device = hopper()) {
            var right = LAYERS.get(1).in(Direction.FORWARD);
            var wrong = new CudnnConvolution(
                    right.direction(),
                    right.x(),
                    right.filters(),
                    List.of(256L, 64L, 55L, 57L),
                    right.strides(),
                    right.before(),
                    right.after(),
                    right.dilations());
            var e = assertThrows(CudaException.class, () -> device.plan(wrong, false));
            assertTrue(
                    e.getMessage()
                            .startsWith("cuDNN has no kernel for the convolution (FORWARD) of maps [256, 64, 56, 57]"),
                    e.getMessage());
            assertEquals(1, e.getMessage().lines().count());
        }
    }

    @Test
    void aPlanForADescribedDeviceIsNotRun() {
        try (var device = hopper();
                var plan = device.plan(LAYERS.get(1).in(Direction.FORWARD), false)) {
            assertThrows(IllegalStateException.class, () -> plan.run(0, 0, 0, 0, 0));
        }
    }
}
