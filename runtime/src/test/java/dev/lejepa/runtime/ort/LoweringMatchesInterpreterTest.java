package dev.lejepa.runtime.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.normal.NormalLaw;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Model;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What ONNX Runtime computes from a lowered operator is what the interpreter computes in double precision.
final class LoweringMatchesInterpreterTest {
    /// Relative to the largest element: some twenty roundings of float32 (6e-8 each) in the longest formulas.
    static final double TOLERANCE = 2e-6;

    /// A kernel may round to the other of the two bfloat16 numbers next to the exact result, which are up to 2^-7 of
    /// it apart: it sums in float32, and attention rounds softmax's weights before it sums values up.
    static final double ROUNDED_TOLERANCE = 1.0 / 128;

    private static Engine engine;
    private static Engine withoutOwnKernels;

    @BeforeAll
    static void openEngine() {
        var options = EngineOptions.of(2).withSpin(false);
        engine = OrtEngine.open("cpu", options);
        withoutOwnKernels = OrtEngine.open("cpu", options.withOwnKernels(false));
    }

    @AfterAll
    static void closeEngine() {
        withoutOwnKernels.close();
        engine.close();
    }

    static Stream<Arguments> casesOfAllTargets() {
        return OpCases.all().stream()
                .flatMap(c -> Stream.of(Target.values())
                        .filter(t -> !t.device().equals("cuda") || !c.what().endsWith(OpCase.NOT_CUDA_KERNELS))
                        .map(t -> Arguments.of(c, t)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("casesOfAllTargets")
    void engineComputesWhatTheInterpreterDoes(OpCase c, Target target) {
        assertEngineAgrees(engine, c, target, TOLERANCE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.lejepa.runtime.ort.OpCases#rounded")
    void engineRoundsAsTheInterpreterDoes(OpCase c) {
        assertEngineAgrees(engine, c, Target.ORT, ROUNDED_TOLERANCE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.lejepa.runtime.ort.OpCases#rounded")
    void definitionsOnBfloat16SayWhatTheKernelsCompute(OpCase c) {
        assertEngineAgrees(withoutOwnKernels, c, Target.ORT, ROUNDED_TOLERANCE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.lejepa.runtime.ort.OpCases#roundedOnCuda")
    void definitionsSayWhatKernelsForCudaCompute(OpCase c) {
        assertEngineAgrees(engine, c, Target.CUDA, ROUNDED_TOLERANCE);
    }

    /// Other runtimes know the operators of ours by the definitions that the graph holds.
    @ParameterizedTest(name = "{0}")
    @MethodSource("casesOfOwnOperators")
    void definitionsInTheGraphSayWhatTheKernelsCompute(OpCase c) {
        assertEngineAgrees(withoutOwnKernels, c, Target.ORT, TOLERANCE);
    }

    /// Above 0 the value itself vanishes; what counts there is its error beside 1.
    @ParameterizedTest
    @EnumSource(Target.class)
    void logarithmOfTheNormalLawIsGoodToFloatInBothTails(Target target) {
        var x = new double[2401];
        Arrays.setAll(x, i -> (float) (i / 100.0 - 12));
        var found = logNdtr(x, target);
        for (var i = 0; i < x.length; i++) {
            var expected = NormalLaw.logCdf(x[i]);
            assertEquals(expected, found[i], 3e-7 * (x[i] < 0 ? Math.abs(expected) : 1), "at " + x[i]);
        }
    }

    private static float[] logNdtr(double[] x, Target target) {
        var graph = new Graph("log_ndtr");
        graph.output("y", graph.input("x", Type.f32(x.length)).logNdtr());
        var bytes = Lowering.lower(graph, target, Map.of()).proto().toByteArray();
        var array = NdArray.of(Shape.of(x.length), x);
        try (var model = engine.load("log_ndtr", bytes);
                var fed = tensor(engine, "x", DType.FLOAT32, array);
                var outputs = model.run(Map.of("x", fed))) {
            return outputs.get("y").toFloats();
        }
    }

    static Stream<OpCase> casesOfOwnOperators() {
        var own = Set.of(
                "Gemm",
                "Sort",
                "Unsort",
                "Fused",
                "Gelu",
                "GeluGrad",
                "LayerNormGrad",
                "Attention",
                "AttentionGrad",
                "Conv",
                "ConvDataGrad",
                "ConvWeightsGrad",
                "MaxPool",
                "MaxPoolGrad",
                "AveragePool",
                "AveragePoolGrad",
                "BatchNorm",
                "BatchNormGrad",
                "AddRelu",
                "ReluGrad",
                "AdamW");
        return OpCases.all().stream().filter(c -> own.contains(c.op()));
    }

    static void assertEngineAgrees(Engine engine, OpCase c, Target target, double tolerance) {
        var feeds = new OpCase.Feeds();
        var results = c.build().apply(feeds);
        for (var i = 0; i < results.size(); i++) {
            feeds.graph.output("y" + i, results.get(i));
        }
        var expected = Interpreter.evaluate(feeds.graph, feeds.values);
        var bytes = Lowering.lower(feeds.graph, target, Map.of()).proto().toByteArray();
        try (var model = engine.load(c.toString(), bytes)) {
            compare(engine, model, feeds.values, expected, tolerance);
        }
    }

    @Test
    void everyOperatorHasACase() {
        var covered = OpCases.all().stream().map(OpCase::op).collect(Collectors.toSet());
        assertEquals(operators(Op.class).collect(Collectors.toSet()), covered);
    }

    private static Stream<String> operators(Class<?> type) {
        if (type.isSealed()) {
            return Stream.of(type.getPermittedSubclasses()).flatMap(LoweringMatchesInterpreterTest::operators);
        }
        if (type == Elementwise.Unary.class) {
            return Stream.of(UnaryFunction.values()).map(UnaryFunction::label);
        }
        if (type == Elementwise.UnaryGrad.class) {
            return Stream.of(UnaryFunction.values())
                    .filter(UnaryFunction::hasGrad)
                    .map(f -> f.label() + "Grad");
        }
        if (type == Elementwise.Compare.class) {
            return Stream.of(Comparison.values()).map(Comparison::label);
        }
        return type == Elementwise.Binary.class
                ? Stream.of(BinaryFunction.values()).map(BinaryFunction::label)
                : Stream.of(type.getSimpleName());
    }

    private static void compare(
            Engine engine, Model model, Map<String, NdArray> feeds, Map<String, NdArray> expected, double tolerance) {
        var tensors = new HashMap<String, DeviceTensor>();
        try {
            model.inputs()
                    .forEach(p -> tensors.put(p.name(), tensor(engine, p.name(), p.dtype(), feeds.get(p.name()))));
            try (var outputs = model.run(tensors)) {
                expected.forEach((name, array) -> assertClose(name, array, outputs.get(name), tolerance));
            }
        } finally {
            tensors.values().forEach(DeviceTensor::close);
        }
    }

    private static DeviceTensor tensor(Engine engine, String name, DType dtype, NdArray array) {
        var tensor = engine.allocate(name, dtype, array.shape().dims());
        if (dtype == DType.INT64) {
            tensor.setLongs(Arrays.stream(array.data()).mapToLong(x -> (long) x).toArray());
        } else {
            tensor.setFloats(floats(array.data()));
        }
        return tensor;
    }

    private static float[] floats(double[] data) {
        var f = new float[data.length];
        for (var i = 0; i < f.length; i++) {
            f[i] = (float) data[i];
        }
        return f;
    }

    private static void assertClose(String name, NdArray expected, DeviceTensor found, double tolerance) {
        var shape = LongStream.of(expected.shape().dims()).boxed().toList();
        assertEquals(shape, found.shape(), name);
        var data = found.dtype() == DType.INT64
                ? Arrays.stream(found.toLongs()).asDoubleStream().toArray()
                : new double[0];
        var floats = found.dtype() == DType.INT64 ? new float[0] : found.toFloats();
        var largest = Arrays.stream(expected.data()).map(Math::abs).max().orElse(0);
        for (var i = 0; i < expected.size(); i++) {
            var y = data.length > 0 ? data[i] : floats[i];
            var error = Math.abs(y - expected.get(i));
            var index = i;
            assertTrue(
                    error <= tolerance * Math.max(largest, 1e-30),
                    () -> "%s[%d] is %s, expected %s, largest %s"
                            .formatted(name, index, y, expected.get(index), largest));
        }
    }
}
