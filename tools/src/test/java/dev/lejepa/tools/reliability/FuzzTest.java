package dev.lejepa.tools.reliability;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A damaged file is refused in one line, whatever the damage. `tools/reliability/fuzz.sh` tries more.
class FuzzTest {
    private static final Path KEPT = Path.of("target", "fuzz").toAbsolutePath();

    @ParameterizedTest
    @EnumSource
    void damagedFileIsReadOrRefusedInOneLine(Format format) throws IOException, InterruptedException {
        var only = System.getProperty("fuzz.format", "");
        assumeTrue(only.isEmpty() || Format.of(only) == format);
        var result = Fuzzer.asked(KEPT).run(format);
        System.out.println(result.line());
        assertTrue(result.isClean(), () -> result.line() + "; inputs and reasons are in " + KEPT);
        assertTrue(result.counts().refused() > 0 || format == Format.TENSORBOARD, "damage was seen");
    }

    @ParameterizedTest
    @EnumSource
    void wholeFileIsRead(Format format, @TempDir Path scratch) throws IOException {
        var target = format.target(scratch);
        for (var seed : target.seeds()) {
            assertEquals(
                    new Verdict.Accepted(),
                    Verdict.of(target.reader(), target.repair().apply(seed)));
        }
    }

    @Test
    void inputIsAFunctionOfSeedAndNumber(@TempDir Path scratch) throws IOException {
        var target = Format.NPY.target(scratch);
        assertArrayEquals(target.input(1, 7), target.input(1, 7));
    }

    @Test
    void whatIsNoRefusalIsAFailure() {
        Verdict.Reader[] bad = {
            _ -> {
                throw new IllegalStateException("x");
            },
            _ -> {
                throw new StackOverflowError();
            },
            _ -> {
                throw new IOException("two\nlines");
            }
        };
        for (var reader : List.of(bad)) {
            assertTrue(Verdict.of(reader, new byte[0]) instanceof Verdict.Failed);
        }
    }
}
