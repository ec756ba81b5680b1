package dev.lejepa.tools.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.losses.PairwiseTest;
import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.losses.TestParameters;
import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.graphs.npy.NpyMatrixWriter;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairTestTest {
    private static final int N = 53;
    private static final int D = 3;

    @TempDir
    Path folder;

    private final float[] x = new float[N * D];
    private final Engine engine = OrtEngine.open("cpu", EngineOptions.of(2));

    @BeforeEach
    void draw() {
        var draws = Key.of(8).draws();
        for (var i = 0; i < x.length; i++) {
            x[i] = (float) (1.2 * draws.normal() + 0.3);
        }
    }

    @AfterEach
    void close() {
        engine.close();
    }

    static List<String> names() {
        return TestCatalog.PAIRWISE;
    }

    private static PairwiseTest test(String name) {
        return (PairwiseTest) TestCatalog.multivariate(name, TestParameters.none());
    }

    /// The statistic and its gradient from all pairs at once, in double precision.
    private List<NdArray> whole(PairwiseTest test) {
        var g = new Graph("whole");
        var input = g.input("x", Type.f32(1, N, D));
        var statistic = test.statistic(input, Optional.empty()).reshape(Shape.scalar());
        var gradient = Autodiff.gradients(statistic, List.of(input)).getFirst();
        var values = new double[x.length];
        Arrays.setAll(values, i -> x[i]);
        return Interpreter.evaluate(
                g, Map.of("x", NdArray.of(Shape.of(1, N, D), values)), List.of(statistic, gradient));
    }

    @ParameterizedTest
    @MethodSource("names")
    void blocksAddUpToTheWhole(String name) throws IOException {
        var test = test(name);
        var whole = whole(test);
        var statistic = whole.getFirst().data()[0];
        var gradient = whole.getLast().data();
        var largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
        for (var block : List.of(100, 53, 27, 8)) {
            var file = folder.resolve("g.npy");
            try (var compiled = new PairTest(engine, test, N, D, true, block);
                    var out = NpyMatrixWriter.create(file, N, D)) {
                var progress = new Progress("pairs", compiled.runs(), _ -> {});
                var found = compiled.statistic(rows(), progress, out);
                assertEquals(statistic, found, 1e-6 * Math.max(Math.abs(statistic), N), "block " + block);
                out.commit();
            }
            var found = NpyFile.read(file).toDoubles();
            for (var i = 0; i < found.length; i++) {
                assertEquals(gradient[i], found[i], 2e-6 * Math.max(largest, 1), "block %d at %d".formatted(block, i));
            }
        }
    }

    /// Zeros in place of the rows that the last block lacks would overflow against rows as long as these.
    @Test
    void blockThatIsNotFullDoesNotOverflow() {
        for (var i = 0; i < N; i++) {
            x[i * D] = 45;
        }
        var test = test("comb");
        var statistic = whole(test).getFirst().data()[0];
        try (var compiled = new PairTest(engine, test, N, D, false, 8)) {
            var found = compiled.statistic(rows(), new Progress("pairs", compiled.runs(), _ -> {}));
            assertEquals(statistic, found, 1e-3 * Math.abs(statistic));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8192, 1 << 20, 1 << 25, Integer.MAX_VALUE})
    void blockOfLongRowsHasFewOfThem(int columns) {
        var most = PairTest.most(columns);
        assertTrue(most >= 1 && most <= 2048, most + " rows");
        assertTrue((long) most * columns <= Math.max(1 << 24, columns), most + " rows");
    }

    private Rows rows() {
        return (first, count, out) -> System.arraycopy(x, (int) first * D, out, 0, count * D);
    }
}
