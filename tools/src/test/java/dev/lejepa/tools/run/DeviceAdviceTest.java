package dev.lejepa.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceAdviceTest {
    private static final String RECIPE = """
            data: {batch: 8}
            views: {global: {count: 2, size: 32}, local: {count: 0}, blur: {p: 0}}
            model:
              backbone: {name: vit_tiny_patch16_224, img_size: 32, patch_size: 8, depth: 2, embed_dim: 48, num_heads: 3, num_classes: 16}
              projector: {hidden: [32], out: 8}
            loss: {slices: 16}
            probe: null
            """;

    private static final CudaException LOST =
            new CudaException("train.onnx: cudaStreamSynchronize: unspecified launch failure", 719);

    @TempDir
    Path folder;

    private final Engine engine = OrtEngine.open("cpu", EngineOptions.of(1));

    @AfterEach
    void end() {
        engine.close();
    }

    private DeviceAdvice advice(boolean leads) {
        var recipe = RecipeFile.parse("test", RECIPE, List.of());
        var plan = StepPlan.of(recipe, 0, engine);
        return new DeviceAdvice(recipe, 0, engine, plan, new RunFolder(folder.resolve("run")), leads);
    }

    private CudaException lost(boolean leads) {
        return assertThrows(
                CudaException.class,
                () -> advice(leads).advised(() -> {
                    throw LOST;
                }));
    }

    @Test
    void whoseDeviceIsLostIsToldTheNewestCheckpoint() throws IOException {
        var checkpoints = Files.createDirectories(folder.resolve("run").resolve("checkpoints"));
        Files.createDirectory(checkpoints.resolve("step-000400"));
        Files.createDirectory(checkpoints.resolve("step-000200"));
        Files.createDirectory(checkpoints.resolve("step-000600.unfinished"));
        assertEquals(
                "device 'cpu' is lost: train.onnx: cudaStreamSynchronize: unspecified launch failure; the run's newest checkpoint, step-000400, is whole: go on with ./lejepa train --resume --out "
                        + folder.resolve("run"),
                lost(true).getMessage());
        assertTrue(lost(true).isDeviceLost());
    }

    @Test
    void aRunWithoutACheckpointStartsOver() {
        assertTrue(lost(true).getMessage().contains("; the run has no checkpoint yet, ./lejepa train --resume --out "));
    }

    @Test
    void processesWithoutTheFolderNameTheDeviceAlone() {
        assertEquals(
                "device 'cpu' is lost: train.onnx: cudaStreamSynchronize: unspecified launch failure",
                lost(false).getMessage());
    }

    @Test
    void whoseMemoryIsFullIsToldWhatIsLighter() {
        var full = assertThrows(
                DeviceMemoryException.class,
                () -> advice(true).advised(() -> {
                    throw new DeviceMemoryException("train.onnx", 3_000_000_000L, 1_000_000_000L, 80_000_000_000L);
                }));
        assertTrue(
                full.getMessage()
                        .startsWith(
                                "the device's memory is full: train.onnx needs 3.00 GB more, 1.00 GB of 80.00 GB are "
                                        + "free; the step was expected to need "),
                full.getMessage());
    }

    @Test
    void anyOtherFaultStaysWhatItIs() {
        var fault = new CudaException("cuLaunchKernel: invalid argument", 1);
        assertSame(
                fault,
                assertThrows(
                        CudaException.class,
                        () -> advice(true).advised(() -> {
                            throw fault;
                        })));
    }
}
