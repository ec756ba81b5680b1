package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be known without a device of the kernel that updates all weights.
final class UpdateCodeTest {
    /// Relative to the largest element: some roundings of float32.
    private static final double TOLERANCE = 1e-6;

    /// `-Dupdates.optimizers=N` tries more.
    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("updates.optimizers", 3));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theKernelComputesWhatTheInterpreterDoes(long seed, @TempDir Path folder)
            throws IOException, InterruptedException {
        assumeTrue(Emulation.isThere(), "g++ and cuda_emulation are needed");
        var graph = UpdateCases.random(seed);
        var formula = UpdateCases.formula(graph);
        var fed = fed(graph, seed);
        var operands = UpdateCases.operands(graph);
        var values = Interpreter.evaluate(graph, fed, operands);
        var emulation = new Emulation(folder);
        for (var i = 0; i < operands.size(); i++) {
            emulation.feed(formula.inputs().get(i), values.get(i));
        }
        var source = UpdateCode.source(formula.updates());
        emulation.addKernels("#define __grid_constant__\n#define __constant__ static\n" + source);
        emulation.add("", runs(formula, operands));
        var results = emulation.run();
        var expected = List.copyOf(Interpreter.evaluate(
                graph,
                fed,
                graph.nodes().stream()
                        .filter(n -> n.op() instanceof Rewritten.Updates)
                        .findFirst()
                        .orElseThrow()
                        .outputs()));
        for (var u : formula.updates()) {
            var weight = new double[0];
            for (var r = 0; r < (u.copied() ? 4 : 3); r++) {
                var i = u.firstResult() + r;
                var found = next(expected.get(i).size(), formula.results().get(i), results);
                weight = r == 0 ? found : weight;
                if (r < 3) {
                    compare("result " + i, expected.get(i), found);
                } else {
                    assertArrayEquals(rounded(weight), found, "the copy of result " + u.firstResult());
                }
            }
        }
        assertEquals(0, results.getInt(), "nothing is written outside of results");
        assertEquals(0, results.remaining());
    }

    /// Every second weight is updated in place, as an engine does it; some begin where no vector may.
    private static String runs(UpdateFormula formula, List<Value> operands) {
        var text = new StringBuilder("static Table table;\n");
        for (var i = 0; i < operands.size(); i++) {
            var bytes = operands.get(i).shape().size() * formula.inputs().get(i).bytes();
            text.append("auto x%d = (char *)take(%d);%n".formatted(i, bytes));
        }
        for (var i = 0; i < formula.results().size(); i++) {
            text.append("char *y%d;%n".formatted(i));
        }
        var settings = UpdateCode.settings(formula.updates());
        for (var s = 0; s < settings.size(); s++) {
            text.append("table.sources[%d] = {(float *)x%d, (long long *)x%d};%n"
                    .formatted(s, settings.get(s).rate(), settings.get(s).step()));
        }
        var sizes = formula.updates().stream()
                .map(u -> operands.get(u.weight()).shape().size())
                .toList();
        var grid = UpdateGrid.of(sizes);
        for (var i = 0; i < sizes.size(); i++) {
            var u = formula.updates().get(i);
            var size = sizes.get(i);
            var in = List.of(u.weight(), u.moment1(), u.moment2());
            for (var r = 0; r < 3; r++) {
                text.append(
                        i % 2 == 0
                                ? "y%d = x%d;%n".formatted(u.firstResult() + r, in.get(r))
                                : "y%d = (char *)fresh(%d) + %d;%n"
                                        .formatted(u.firstResult() + r, 4 * size + 16, i % 5 == 0 ? 4 : 0));
            }
            if (u.copied()) {
                text.append("y%d = (char *)fresh(%d);%n".formatted(u.firstResult() + 3, 2 * size));
            }
            var narrow = formula.inputs().get(u.gradient()) == DType.BFLOAT16;
            var packed = UpdateKernel.packed(
                    grid.first().get(i), settings.indexOf(u.settings()), narrow, i % 2 == 0 || i % 5 != 0);
            text.append("{ unsigned long long words[10] = {%s, %s, %d, %dull};%n"
                    .formatted(
                            in.stream().map(x -> "(unsigned long long)x" + x).collect(Collectors.joining(", "))
                                    + ", "
                                    + IntStream.range(0, 3)
                                            .mapToObj(r -> "(unsigned long long)y" + (u.firstResult() + r))
                                            .collect(Collectors.joining(", ")),
                            "(unsigned long long)x" + u.gradient() + ", "
                                    + (u.copied() ? "(unsigned long long)y" + (u.firstResult() + 3) : "0"),
                            size,
                            packed));
            text.append(
                    "static_assert(sizeof words == sizeof(Update)); memcpy(&table.updates[%d], words, sizeof words); }%n"
                            .formatted(i));
        }
        text.append("launch({%d, 1, 1}, %d, 0, [&] { update_weights(table); });%n"
                .formatted(grid.blocks(), UpdateGrid.THREADS));
        for (var u = 0; u < sizes.size(); u++) {
            var first = formula.updates().get(u).firstResult();
            var count = formula.updates().get(u).copied() ? 4 : 3;
            for (var r = 0; r < count; r++) {
                text.append("give(y%d, %d);%n".formatted(first + r, sizes.get(u) * (r == 3 ? 2 : 4)));
            }
        }
        return text.append("finish();\n").toString();
    }

    private static Map<String, NdArray> fed(Graph graph, long seed) {
        var random = new Random(seed);
        var step = 1 + random.nextInt(1000);
        var fed = new HashMap<String, NdArray>();
        graph.inputs().forEach((label, v) -> {
            var data = new double[Math.toIntExact(v.shape().size())];
            for (var i = 0; i < data.length; i++) {
                var x = (float) random.nextGaussian();
                x = label.startsWith("moment2/") ? x * x * 1e-3f : label.startsWith("lr.") ? 1e-2f : x;
                data[i] = v.type().dtype() == DType.BFLOAT16 ? BFloat16.round(x) : x;
            }
            fed.put(label, NdArray.of(v.shape(), label.equals("step") ? new double[] {step} : data));
        });
        return fed;
    }

    private static double[] rounded(double[] weight) {
        return Arrays.stream(weight).map(w -> BFloat16.round((float) w)).toArray();
    }

    private static double[] next(int size, DType type, ByteBuffer results) {
        var found = new double[size];
        for (var i = 0; i < size; i++) {
            found[i] = type == DType.BFLOAT16 ? BFloat16.value(results.getShort()) : results.getFloat();
        }
        return found;
    }

    private static void compare(String what, NdArray expected, double[] found) {
        var largest = Arrays.stream(expected.data()).map(Math::abs).max().orElse(0);
        for (var i = 0; i < found.length; i++) {
            var at = i;
            assertTrue(
                    Math.abs(found[i] - expected.get(i)) <= TOLERANCE * largest,
                    () -> "%s: [%d] is %s, expected %s".formatted(what, at, found[at], expected.get(at)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_80", "sm_90", "sm_100"})
    void theKernelCompilesForEveryArchitecture(String architecture) {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        var source =
                UpdateCode.source(UpdateCases.formula(UpdateCases.random(0)).updates());
        var code = RowModules.compile(compiler.get(), architecture, source);
        MachineCode.require(code, architecture, 0);
    }

    @Test
    void aLaunchTakesAsManyUpdatesAsItsArgumentsHaveRoomFor() {
        var one = UpdateCases.formula(UpdateCases.random(0)).updates().getFirst();
        var many = Collections.nCopies(900, one);
        assertEquals(
                List.of(409, 409, 82),
                UpdateKernel.parts(many).stream().map(List::size).toList());
    }
}
