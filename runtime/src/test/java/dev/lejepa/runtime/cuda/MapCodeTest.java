package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Pool;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.runtime.cudart.Nvrtc;
import dev.lejepa.runtime.kernel.Operator;
import dev.lejepa.runtime.kernel.Sliding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be known without a device of the kernels for maps and filters.
final class MapCodeTest {
    /// Sums in float32 may be rounded to the other neighbor in bfloat16.
    private static final double ROUNDED_TOLERANCE = 1.0 / 128;

    private static final int IMAGES = 2;
    private static final int HEIGHT = 7;
    private static final int WIDTH = 6;

    @ParameterizedTest
    @ValueSource(strings = {"sm_80", "sm_90", "sm_100"})
    void sourceCompilesForEveryArchitecture(String architecture) {
        var code = RowModules.compile(compiler(), architecture, MapCode.source());
        MachineCode.require(code, architecture, 0);
    }

    private static Nvrtc compiler() {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        return compiler.get();
    }

    @Test
    void kernelsForCudaAreThoseThatTheOperatorsName() {
        try (var operators = new CudaOperators(compiler(), "sm_90", new Numerics(false, false), Optional.empty())) {
            var named = Stream.of(OwnOperator.values())
                    .flatMap(op -> op.onCuda().stream().map(op::on))
                    .collect(Collectors.toSet());
            var found = operators.all().stream().map(Operator::signature).toList();
            assertEquals(named, Set.copyOf(found));
            assertEquals(
                    named.size(), found.stream().map(Signature::name).distinct().count());
        }
    }

    /// A kernel with its operands, in the interpreter's graph.
    ///
    /// @param launch source of the call, on operands `x0`, `x1` and the result `y`
    private record Case(String launch, List<Value> operands, Value result) {}

    @Test
    void theKernelsComputeWhatTheInterpreterDoes(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Emulation.isThere(), "g++ and cuda_emulation are needed");
        var graph = new Graph("maps");
        var cases = new ArrayList<Case>();
        for (var channels : List.of(16, 5)) {
            for (var window : List.of(Window.square(3, 2, 1), Window.square(2, 2, 0), lopsided())) {
                pools(graph, cases, channels, new Pool(window, false, ImageLayout.NHWC));
            }
        }
        filters(graph, cases, 6, 5, 9);
        bias(graph, cases);
        var values = values(graph);
        var emulation = new Emulation(folder);
        emulation.addKernels(MapCode.source());
        emulation.add("", cases.stream().map(MapCodeTest::run).collect(Collectors.joining()));
        for (var c : cases) {
            c.operands.forEach(v -> emulation.feed(v.type().dtype(), values.get(label(graph, v))));
        }
        var found = emulation.run();
        var expected = List.copyOf(Interpreter.evaluate(
                graph, values, cases.stream().map(Case::result).toList()));
        for (var i = 0; i < cases.size(); i++) {
            compare(cases.get(i), expected.get(i), found);
            assertEquals(0, found.getInt(), cases.get(i).launch + " writes beside its result");
        }
        assertEquals(0, found.remaining());
    }

    private static Window lopsided() {
        return new Window(new Window.Axis(3, 2, 0, 1, 1), new Window.Axis(2, 3, 1, 0, 1));
    }

    private static void pools(Graph g, List<Case> cases, int channels, Pool pool) {
        var maps = narrow(IMAGES, HEIGHT, WIDTH, channels);
        var max = new Pooling.MaxPool(pool);
        var pooled = max.infer(List.of(maps)).getFirst();
        for (var kind : PoolKernel.Kind.values()) {
            var x = input(g, maps);
            var operands = switch (kind) {
                case MAX, MEAN -> List.of(x);
                case MAX_GRADIENT -> List.of(input(g, pooled), x);
                case MEAN_GRADIENT -> List.of(input(g, pooled));
            };
            var mean = new Pooling.AveragePool(pool, true);
            var op = switch (kind) {
                case MAX -> max;
                case MEAN -> mean;
                case MAX_GRADIENT -> new Pooling.MaxPoolGrad(pool);
                case MEAN_GRADIENT -> new Pooling.AveragePoolGrad(mean, HEIGHT, WIDTH);
            };
            var result = g.apply(op, operands).getFirst();
            var vectors = result.shape().size() / PoolKernel.vector(channels);
            var words = PoolKernel.words(
                    sliding(pool.window()),
                    pool.window().kernels().stream()
                            .mapToLong(Integer::longValue)
                            .toArray(),
                    maps.shape().dims(),
                    pooled.shape().dim(1),
                    pooled.shape().dim(2));
            var reads = operands.size() == 2 ? "x0, x1" : "x0";
            cases.add(new Case(
                    "{ unsigned long long words[6] = {%s}; Window w; memcpy(&w, words, sizeof w); %s }%n"
                            .formatted(
                                    words.stream()
                                            .map(w -> Long.toUnsignedString(w) + "ull")
                                            .collect(Collectors.joining(", ")),
                                    launch(
                                            vectors,
                                            "%s(y, %s, %d, w)".formatted(kind.kernel(channels), reads, vectors))),
                    operands,
                    result));
        }
    }

    private static Sliding sliding(Window w) {
        return new Sliding(
                1,
                w.height().stride(),
                w.width().stride(),
                w.height().before(),
                w.width().before(),
                w.height().after(),
                w.width().after(),
                1,
                1);
    }

    private static void filters(Graph g, List<Case> cases, int filters, int channels, int places) {
        var x = input(g, narrow(filters, channels, places));
        var size = filters * channels * places;
        cases.add(new Case(
                launch(size, "transpose_filters(y, x0, %d, %d, %d)".formatted(size, channels, places)),
                List.of(x),
                x.transpose(0, 2, 1)));
        cases.add(new Case(
                launch(size, "widen_filters(y, x0, %d, %d, %d)".formatted(size, channels, places)),
                List.of(x),
                x.transpose(0, 2, 1).cast(DType.FLOAT32)));
    }

    private static void bias(Graph g, List<Case> cases) {
        var x = input(g, narrow(3, 7));
        var bias = input(g, Type.f32(7));
        cases.add(new Case(
                "memcpy(y, x0, 42); " + launch(21, "add_bias(y, x1, 21, 7)"),
                List.of(x, bias),
                x.cast(DType.FLOAT32).add(bias).cast(DType.BFLOAT16)));
    }

    /// With fewer threads than items, so that threads take turns.
    private static String launch(long items, String call) {
        return "launch({%d, 1, 1}, 32, 0, [&] { %s; });%n".formatted(Math.ceilDiv(items, 50), call);
    }

    private static String run(Case c) {
        var text = new StringBuilder("{\n");
        for (var i = 0; i < c.operands.size(); i++) {
            var type = c.operands.get(i).type();
            text.append("auto x%d = (%s *)take(%d);%n"
                    .formatted(i, word(type), type.shape().size() * type.dtype().bytes()));
        }
        var type = c.result.type();
        var size = type.shape().size() * type.dtype().bytes();
        return text.append("auto y = (%s *)fresh(%d);%n".formatted(word(type), size))
                .append(c.launch)
                .append("give(y, %d); finish();%n}%n".formatted(size))
                .toString();
    }

    private static String word(Type type) {
        return type.dtype() == DType.BFLOAT16 ? "bf16" : "float";
    }

    private static void compare(Case c, NdArray expected, ByteBuffer found) {
        var type = c.result.type().dtype();
        var largest = 0.0;
        for (var e : expected.data()) {
            largest = Math.max(largest, Math.abs(e));
        }
        for (var i = 0; i < expected.data().length; i++) {
            var x = type == DType.BFLOAT16 ? BFloat16.value(found.getShort()) : found.getFloat();
            var place = i;
            assertTrue(
                    Math.abs(x - expected.data()[i]) <= ROUNDED_TOLERANCE * largest,
                    () -> "element %d of %s: %s for %s".formatted(place, c.launch, x, expected.data()[place]));
        }
    }

    private static Type narrow(long... dims) {
        return new Type(DType.BFLOAT16, Shape.of(dims));
    }

    private static Value input(Graph g, Type type) {
        return g.input("x" + g.inputs().size(), type);
    }

    private static String label(Graph g, Value v) {
        return g.inputs().entrySet().stream()
                .filter(e -> e.getValue().equals(v))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /// Few different numbers, so that maxima are often equal, as those of activated maps are.
    private static HashMap<String, NdArray> values(Graph g) {
        var random = new Random(3);
        var all = new HashMap<String, NdArray>();
        g.inputs()
                .forEach((label, v) -> all.put(
                        label,
                        NdArray.of(
                                v.shape(),
                                random.ints(v.shape().size(), -4, 5)
                                        .mapToDouble(i -> i / 4.0)
                                        .toArray())));
        return all;
    }
}
