package dev.lejepa.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.recipe.LossSpec;
import dev.lejepa.graphs.recipe.Precision;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Regularizer;
import dev.lejepa.tools.config.RecipeWriter;
import dev.lejepa.tools.demo.DemoRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// No node of a step may fall back to host cores on a CUDA device. No device is needed to know: the table has what the
/// library brings.
class CudaKernelsTest {
    private static final CudaKernels KERNELS = CudaKernels.read();

    static Stream<Arguments> programs() {
        return Stream.of(Precision.values())
                .flatMap(p -> Stream.of(
                        Arguments.of("ViT-S/8 of the benchmark", "vit_small_patch8_224", 128, 8, 0, 0, p),
                        Arguments.of("ViT-B/16 with local views", "vit_base_patch16_224", 224, 16, 6, 96, p),
                        Arguments.of("ViT-L/14 with local views", "vit_large_patch14_224", 224, 14, 6, 98, p)));
    }

    @ParameterizedTest(name = "{0}, {6}")
    @MethodSource("programs")
    void everyNodeOfABenchmarkHasAKernel(
            String what, String model, int image, int patch, int locals, int local, Precision precision) {
        for (var recompute : List.of("none", "block")) {
            assertCovered(new StepRecipe(
                            model, image, OptionalInt.of(patch), 4, 2, locals, local, precision.word(), recompute, 1)
                    .recipe());
        }
    }

    /// In float32 ONNX Runtime's kernels for maps are tested where there is a device.
    @ParameterizedTest
    @ValueSource(strings = {"resnet26d", "convnext_atto", "mobilenetv3_small_050", "regnety_002"})
    void everyNodeOfAConvNetInBfloat16HasAKernel(String model) {
        var recipe =
                new StepRecipe(model, 64, OptionalInt.empty(), 2, 2, 0, 0, Precision.BF16.word(), "none", 1).recipe();
        assertCovered(recipe, Parts.WHOLE, Target.CUDA);
        assertCovered(recipe, new Parts(2, 1), Target.CUDA);
    }

    @ParameterizedTest
    @MethodSource("precisions")
    void everyNodeOfTheDemonstrationHasAKernel(Precision precision) {
        var recipe = DemoRecipe.read();
        assertCovered(recipe.withTrain(recipe.train().withPrecision(precision)));
    }

    @ParameterizedTest
    @MethodSource("precisions")
    void everyNodeOfAStepThatIsCutHasAKernel(Precision precision) {
        var recipe = DemoRecipe.read();
        assertCovered(recipe.withTrain(recipe.train().withPrecision(precision)), new Parts(2, 2));
    }

    @ParameterizedTest
    @EnumSource(Regularizer.class)
    void everyNodeOfARegularizerHasAKernel(Regularizer regularizer) {
        var recipe = DemoRecipe.read();
        var l = recipe.loss();
        assertCovered(
                recipe.withLoss(new LossSpec(l.dialect(), regularizer, l.lambda(), l.slices(), l.knots(), l.tMax())));
    }

    static Stream<Precision> precisions() {
        return Stream.of(Precision.values());
    }

    private static void assertCovered(Recipe recipe) {
        assertCovered(recipe, Parts.WHOLE);
    }

    private static void assertCovered(Recipe recipe, Parts parts) {
        assertCovered(recipe, parts, Target.CUDA);
        assertCovered(recipe, parts, Target.CUDA_EXPLICIT);
    }

    private static void assertCovered(Recipe recipe, Parts parts, Target target) {
        var bundle = BundleBuilder.build(recipe, RecipeWriter.json(recipe), StepRecipe.CLASSES, target, parts);
        var missing = new ArrayList<String>();
        // the encoder is portable, and leaves a node or two to host cores
        bundle.files().forEach((file, content) -> {
            if (content.target().equals(target)) {
                missing.addAll(missing(file, content.graph(), target));
            }
        });
        assertEquals(List.of(), missing);
    }

    private static List<String> missing(String file, Graph graph, Target target) {
        var lowered = Lowering.lower(graph, target, Map.of()).proto().getGraph();
        return KERNELS.missing(lowered).stream().map(m -> file + ": " + m).toList();
    }

    /// Each on its own, forward and backward, and functions on bfloat16 too.
    @Test
    void everyNodeOfElementwiseOperatorsHasAKernel() {
        var g = new Graph("operators");
        var x = g.input("x", Type.f32(3, 4));
        var b = g.input("b", Type.f32(4));
        for (var function : UnaryFunction.values()) {
            g.output(function.label(), x.apply(function));
            if (function.hasGrad()) {
                gradientOn(g, function, x);
                gradientOn(g, function, x.cast(DType.BFLOAT16));
            }
        }
        for (var function : BinaryFunction.values()) {
            g.output(function.label(), x.apply(function, b));
        }
        for (var comparison : Comparison.values()) {
            g.output(comparison.label(), x.compare(comparison, b).where(x, b));
        }
        g.output("clipped", x.clip(0, 6));
        g.output("largest", x.largest(false, 1));
        var gathered = x.gather(1, 2, 2, 0);
        g.output("gathered", gathered);
        g.output("softmax", x.softmax(0));
        var loss = Stream.of(gathered, x.softmax(0), x.largest(true, 1), x.clip(0, 6), x.max(b))
                .map(v -> v.square().mean())
                .reduce(Value::add)
                .orElseThrow();
        g.output("gradient", Autodiff.gradients(loss, List.of(x)).getFirst());
        for (var target : List.of(Target.CUDA, Target.CUDA_EXPLICIT)) {
            assertEquals(List.of(), missing("operators.onnx", g, target));
        }
    }

    private static void gradientOn(Graph g, UnaryFunction function, Value x) {
        var type = x.type().dtype();
        g.output(function.label() + " of " + type.label(), x.apply(function).cast(DType.FLOAT32));
        var dx = g.apply(new Elementwise.UnaryGrad(function), x, x).getFirst();
        g.output(function.label() + " gradient of " + type.label(), dx.cast(DType.FLOAT32));
    }

    @Test
    void nodesWithoutAKernelAreNamed() {
        var g = new Graph("g");
        g.output("y", g.input("x", Type.f32(2)).cast(DType.BFLOAT16).log());
        var missing = missing("g.onnx", g, Target.CUDA);
        assertEquals(1, missing.size());
        assertTrue(missing.getFirst().contains("Log [bfloat16] -> [bfloat16]"), missing.getFirst());
    }
}
