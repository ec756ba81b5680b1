package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.runtime.cudart.Nvrtc;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// What compiled kernels must be.
final class MachineCode {
    private static final String OF_ASSEMBLER = "ptxas";
    private static final Pattern SPILLS = Pattern.compile(
            "Registers are spilled .* function '(\\w+)', \\d+ bytes spill stores, (\\d+) bytes spill loads");

    private MachineCode() {}

    /// That it is code of which the assembler has nothing to say, but of few registers that are spilled: it would of
    /// products of four warps that wait for each other. What the front end says, of names that nobody uses, costs
    /// nothing.
    ///
    /// @param most bytes of a thread's spilled registers that a kernel may read
    static void require(Nvrtc.Code code, String what, int most) {
        assertEquals("\u007fELF", new String(code.bytes(), 0, 4, StandardCharsets.ISO_8859_1), what);
        code.log().lines().filter(l -> l.startsWith(OF_ASSEMBLER)).forEach(line -> {
            var spills = SPILLS.matcher(line);
            assertTrue(spills.find(), () -> what + ": " + line);
            assertTrue(Integer.parseInt(spills.group(2)) <= most, () -> what + ": " + line);
        });
    }

    /// Whether a kernel has spilled registers.
    static boolean spills(Nvrtc.Code code, String kernel) {
        return SPILLS.matcher(code.log()).results().anyMatch(r -> r.group(1).equals(kernel));
    }
}
