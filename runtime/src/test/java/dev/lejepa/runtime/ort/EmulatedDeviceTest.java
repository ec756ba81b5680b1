package dev.lejepa.runtime.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/// Kernels of ours in whole graphs, from the compiler to the launch, where there is no device.
final class EmulatedDeviceTest {
    private static final Path BUILD =
            Path.of("../tools/interop/cuda_emulation/build_device.sh").toAbsolutePath();

    /// Attention of some widths, two networks' formulas, and those of operators.
    private static final int FEWEST_KERNELS = 60;

    /// A process of its own, since what stands in for CUDA's libraries must be nobody else's here.
    @Test
    @Timeout(value = 600, threadMode = ThreadMode.SEPARATE_THREAD) // what waits for ever on emulated warps
    void operatorsAndStepsOfTrainingAreThoseOfHostCores(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Files.exists(BUILD) && hasCompiler(), "g++ and cuda_emulation are needed");
        var device = folder.resolve("device").toString();
        var built = run(Map.of(), "bash", BUILD.toString(), device);
        assertEquals(0, built.code(), built.said());
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var runs = run(
                Map.of("LD_LIBRARY_PATH", device, "XDG_CACHE_HOME", folder.toString()),
                java,
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                EmulatedRuns.class.getName(),
                folder.toString());
        assertEquals(0, runs.code(), runs.said());
        try (var kernels = Files.list(folder.resolve("lejepa/kernels"))) {
            assertTrue(kernels.count() > FEWEST_KERNELS, "operators of ours must not be computed by their definitions");
        }
    }

    private record Result(int code, String said) {}

    private static boolean hasCompiler() throws InterruptedException {
        try {
            return run(Map.of(), "g++", "--version").code() == 0;
        } catch (IOException e) { // no such program
            return false;
        }
    }

    private static Result run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), said);
        } finally {
            process.destroyForcibly();
        }
    }
}
