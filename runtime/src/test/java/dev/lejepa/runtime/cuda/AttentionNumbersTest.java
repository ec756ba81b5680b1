package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The kernels of attention on emulated warps, in changing orders, beside double precision: lengths up to 70 tokens.
/// The script itself takes longer ones and all widths.
final class AttentionNumbersTest {
    private static final Path CHECK =
            Path.of("../tools/interop/cuda_emulation/check.sh").toAbsolutePath();

    @ParameterizedTest
    @CsvSource({
        "bf16, 21",
        "bf16, 32",
        "bf16, 72",
        "bf16, 250",
        "sm_90, 64",
        "tf32, 15",
        "tf32, 64",
        "tf32, 192",
        "fp32, 64",
        "fp32, 78"
    })
    void kernelsComputeWhatDoublePrecisionDoes(String kind, String width) throws IOException, InterruptedException {
        assumeTrue(Emulation.isThere(), "g++ and cuda_emulation are needed");
        var builder = new ProcessBuilder("bash", CHECK.toString(), width).redirectErrorStream(true);
        builder.environment().putAll(Map.of("KINDS", kind, "LONGEST", "70"));
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
