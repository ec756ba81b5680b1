package dev.lejepa.runtime.ort;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.fixtures.Batches;
import dev.lejepa.runtime.fixtures.MlpBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs so often that a lost native object of a few hundred bytes would show in the process's resident memory.
class LeakTest {
    private static final Path STATUS = Path.of("/proc/self/status");

    /// What the JVM itself may gain between two readings: compiled code, heap pages touched for the first time.
    private static final long SLACK = 12 << 20;

    @TempDir
    Path folder;

    @Test
    void tenThousandStepsAndExchangesOfInputsKeepMemoryFlat() throws IOException {
        assumeTrue(Files.exists(STATUS), "resident memory is read from /proc");
        try (var engine = OrtEngine.open("cpu", EngineOptions.of(1));
                var program = Program.open(engine, MlpBundle.write(folder));
                var even = program.newInput("x");
                var odd = program.newInput("x")) {
            program.initialize();
            program.input("t").setFloats(Batches.t(0));
            program.input("lr").setFloats(1e-4f);
            assertFlat(10_000, i -> {
                program.bind("x", i % 2 == 0 ? even : odd);
                program.step();
            });
        }
    }

    @Test
    void fiveThousandEvaluationsKeepMemoryFlat() throws IOException {
        assumeTrue(Files.exists(STATUS), "resident memory is read from /proc");
        try (var engine = OrtEngine.open("cpu", EngineOptions.of(1));
                var program = Program.open(engine, MlpBundle.write(folder));
                var x = engine.allocate("x", DType.FLOAT32, 64, MlpBundle.IN)) {
            assertFlat(5_000, i -> program.evaluation().run(Map.of("x", x)).close());
        }
    }

    @Test
    void tensorsGiveTheirMemoryBack() throws IOException {
        assumeTrue(Files.exists(STATUS), "resident memory is read from /proc");
        try (var engine = OrtEngine.open("cpu", EngineOptions.of(1))) {
            assertFlat(
                    2_000, i -> engine.allocate("t", DType.FLOAT32, 256, 1024).close());
        }
    }

    private interface Work {
        void run(int i);
    }

    private static void assertFlat(int times, Work work) throws IOException {
        for (var i = 0; i < times / 5; i++) {
            work.run(i); // warm: arena, compiled code
        }
        System.gc();
        var before = resident();
        for (var i = 0; i < times; i++) {
            work.run(i);
        }
        System.gc();
        var grown = resident() - before;
        assertTrue(grown < SLACK, "resident memory grew by %d KiB in %d runs".formatted(grown >> 10, times));
    }

    private static long resident() throws IOException {
        for (var line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException(STATUS + " has no VmRSS");
    }
}
