package dev.lejepa.graphs.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.UnaryFunction;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PullbacksTest {
    /// Derivatives are tested through the operator that they belong to.
    private static final Map<String, String> DERIVATIVES = Map.ofEntries(
            Map.entry("SoftmaxGrad", "Softmax"),
            Map.entry("AttentionGrad", "Attention"),
            Map.entry("GeluGrad", "Gelu"),
            Map.entry("LayerNormGrad", "LayerNorm"),
            Map.entry("BatchNormGrad", "BatchNorm"),
            Map.entry("EcfGrad", "Ecf"),
            Map.entry("Unsort", "Sort"),
            Map.entry("SoftmaxCrossEntropyGrad", "SoftmaxCrossEntropy"),
            Map.entry("GatherGrad", "Gather"),
            Map.entry("ReluGrad", "Relu"),
            Map.entry("SigmoidGrad", "Sigmoid"),
            Map.entry("TanhGrad", "Tanh"),
            Map.entry("SiluGrad", "Silu"),
            Map.entry("HardSigmoidGrad", "HardSigmoid"),
            Map.entry("HardSwishGrad", "HardSwish"),
            Map.entry("ConvDataGrad", "Conv"),
            Map.entry("ConvWeightsGrad", "Conv"),
            Map.entry("MaxPoolGrad", "MaxPool"),
            Map.entry("AveragePoolGrad", "AveragePool"));

    /// Leaves, operators that pass no gradient (see [AutodiffTest]), what passes make, and updates.
    private static final Set<String> WITHOUT_GRADIENT = Set.of(
            "Input",
            "Constant",
            "StopGradient",
            "AddRelu",
            "Sign",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "Equal",
            "Barrier",
            "Fused",
            "ProductRows",
            "Rows",
            "Updates",
            "BiasedAttention",
            "BiasedAttentionGrad",
            "AdamW");

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.lejepa.graphs.autodiff.OperatorCases#all")
    void gradientEqualsCentralDifferences(OperatorCases c) {
        var graph = Gradients.assertGradient(c.shapes(), c.domain(), c.f());
        var used = graph.nodes().stream().map(n -> n.op().name()).collect(Collectors.toSet());
        assertTrue(used.contains(c.op().name()), "the case does not apply its operator");
        DERIVATIVES.forEach((derivative, forward) -> {
            if (forward.equals(c.op().name()) && !isPermutation(c.op())) {
                assertTrue(used.contains(derivative), "the gradient does not use " + derivative);
            }
        });
    }

    /// Whose gradient is one itself.
    private static boolean isPermutation(Op op) {
        return op instanceof Movement.Gather g
                && Set.copyOf(g.places()).size() == g.places().size();
    }

    @Test
    void everyOperatorHasGradientCases() {
        var tested = OperatorCases.all().map(c -> c.op().name()).collect(Collectors.toSet());
        var covered = Stream.of(
                        tested.stream(),
                        WITHOUT_GRADIENT.stream(),
                        DERIVATIVES.entrySet().stream()
                                .filter(e -> tested.contains(e.getValue()))
                                .map(Map.Entry::getKey))
                .flatMap(s -> s)
                .collect(Collectors.toSet());
        assertEquals(operators(Op.class).collect(Collectors.toSet()), covered, "operators and gradient cases differ");
    }

    @Test
    void wrongGradientIsFound() {
        assertThrows(AssertionError.class, () -> Gradients.assertGradient(Shape.of(3), x -> x.mul(x.stopGradient())));
    }

    private static Stream<String> operators(Class<?> type) {
        if (type.isSealed()) {
            return Stream.of(type.getPermittedSubclasses()).flatMap(PullbacksTest::operators);
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
}
