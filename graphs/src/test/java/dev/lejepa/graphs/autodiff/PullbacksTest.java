package dev.lejepa.graphs.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PullbacksTest {
    /// Derivatives are tested through the operator that they belong to.
    private static final Map<Class<? extends Op>, Class<? extends Op>> DERIVATIVES = Map.of(
            Op.SoftmaxGrad.class, Op.Softmax.class,
            Op.AttentionGrad.class, Op.Attention.class,
            Op.GeluGrad.class, Op.Gelu.class,
            Op.LayerNormGrad.class, Op.LayerNorm.class,
            Op.BatchNormGrad.class, Op.BatchNorm.class,
            Op.EcfGrad.class, Op.Ecf.class,
            Op.Unsort.class, Op.Sort.class,
            Op.SoftmaxCrossEntropyGrad.class, Op.SoftmaxCrossEntropy.class);

    /// Leaves, operators that pass no gradient (see [AutodiffTest]), what passes make, and updates.
    private static final Set<Class<? extends Op>> WITHOUT_GRADIENT = Set.of(
            Op.Input.class,
            Op.Constant.class,
            Op.StopGradient.class,
            Op.Sign.class,
            Op.Barrier.class,
            Op.Fused.class,
            Op.AdamW.class);

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.lejepa.graphs.autodiff.OperatorCases#all")
    void gradientEqualsCentralDifferences(OperatorCases c) {
        var graph = Gradients.assertGradient(c.shapes(), c.domain(), c.f());
        var used = graph.nodes().stream().map(n -> n.op().getClass()).collect(Collectors.toSet());
        assertTrue(used.contains(c.op().getClass()), "the case does not apply its operator");
        DERIVATIVES.forEach((derivative, forward) -> {
            if (forward == c.op().getClass()) {
                assertTrue(used.contains(derivative), "the gradient does not use " + derivative.getSimpleName());
            }
        });
    }

    @Test
    void everyOperatorHasGradientCases() {
        var tested = OperatorCases.all().map(c -> c.op().getClass()).collect(Collectors.toSet());
        var covered = Stream.of(
                        tested.stream(),
                        WITHOUT_GRADIENT.stream(),
                        DERIVATIVES.entrySet().stream()
                                .filter(e -> tested.contains(e.getValue()))
                                .map(Map.Entry::getKey))
                .flatMap(s -> s)
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
        assertEquals(
                operators(Op.class).map(Class::getSimpleName).collect(Collectors.toSet()),
                covered,
                "operators and gradient cases differ");
    }

    @Test
    void wrongGradientIsFound() {
        assertThrows(AssertionError.class, () -> Gradients.assertGradient(Shape.of(3), x -> x.mul(x.stopGradient())));
    }

    private static Stream<Class<?>> operators(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(PullbacksTest::operators)
                : Stream.of(type);
    }
}
