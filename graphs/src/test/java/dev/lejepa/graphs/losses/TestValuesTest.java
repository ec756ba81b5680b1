package dev.lejepa.graphs.losses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Values of the tests as literature defines them.
class TestValuesTest {
    private static final double[] SAMPLE = {-2.1, -1.3, -0.9, -0.45, -0.2, 0.1, 0.35, 0.8, 1.1, 1.6, 2.4, 0.05};

    /// Of [#SAMPLE] as one column, or for tests of pairs as six vectors of two numbers. From scipy 1.x in double
    /// precision: `cramervonmises`, `jarque_bera` plus both squared scores, `differential_entropy(method="vasicek",
    /// window_length=1)`, `corrcoef` with `norm.ppf` of Elfving's positions, sums over `log_ndtr` and `gammaln`; those
    /// of `bhep_m`, `comb` and `hv` also by quadrature of the integrals that define them (to 1e-13).
    @ParameterizedTest
    @CsvSource({
        "epps_pulley, 0.3106845757725527",
        "anderson_darling, 0.34789986727765587",
        "cramer_von_mises, 0.03382813558359335",
        "watson, 0.024648359726764",
        "shapiro_wilk, 0.006495327358352343",
        "extended_jarque_bera, 2.0956018001036583",
        "vcreg, 1.9691714508364895",
        "entropy, 0.228690606619953",
        "nll, 0.2922011693526533",
        "moments, 0.25727347248679594",
        "bhep, 0.0026278990423613813",
        "bhep_m, 0.004038272303202195",
        "comb, -0.06527045703782731",
        "hz, 0.5367549546227396",
        "hv, 2.4853877857261435",
    })
    void valueOfASampleIsThatOfOtherSoftware(String name, double expected) {
        var found = TestCatalog.isPairwise(name)
                ? evaluate(
                        NdArray.of(Shape.of(1, 6, 2), SAMPLE),
                        x -> pairwise(name).statistic(x, Optional.empty()))
                : evaluate(NdArray.of(Shape.of(12, 1), SAMPLE), column(name)::statistic);
        assertEquals(expected, found[0], 1e-10 * Math.max(1, Math.abs(expected)));
    }

    @Test
    void everyTestHasAValueExpectedOfNormalSamples() {
        assertEquals(
                TestCatalog.all(), expectations().map(a -> (String) a.get()[0]).toList());
    }

    /// Means under the null law. Where no formula is known they stand beside what they were measured as in 2 million
    /// samples; those of pairs follow from `E exp` of a quadratic form.
    static Stream<Arguments> expectations() {
        var n = 20;
        var k = 3;
        var c = Math.pow(1 + 2 * 0.01, -k / 2.0);
        var b = HenzeZirkler.beta(n, k);
        var a = 1 - 2 / 5.0;
        return Stream.of(
                Arguments.of("epps_pulley", 1.052464),
                Arguments.of("anderson_darling", 1.0),
                Arguments.of("cramer_von_mises", 1 / 6.0),
                Arguments.of("watson", 1 / 12.0),
                Arguments.of("shapiro_wilk", Double.NaN),
                Arguments.of("extended_jarque_bera", Double.NaN),
                Arguments.of("vcreg", 2.0),
                Arguments.of("entropy", Double.NaN),
                Arguments.of("nll", Double.NaN),
                Arguments.of("moments", Double.NaN),
                Arguments.of("bhep", 1 - c),
                Arguments.of("bhep_m", Math.pow(8, -k / 2.0) - Math.pow(9, -k / 2.0)),
                Arguments.of(
                        "comb",
                        (Math.pow(1 + 1 / 16.0, -k / 4.0) * Math.cos(k / 2.0 * Math.atan(0.25)) - 1) / Math.sqrt(n)),
                Arguments.of("hz", 1 - Math.pow(1 + 2 * b * b, -k / 2.0)),
                Arguments.of("hv", Math.pow(a, -k / 2.0) * k * (0.64 / a + 0.1)));
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void meanOverNormalSamplesIsTheExpectedOne(String name, double expected) {
        var samples = TestCatalog.isPairwise(name) ? normal(Shape.of(4000, 20, 3)) : normal(Shape.of(20, 20000));
        var found = TestCatalog.isPairwise(name)
                ? evaluate(samples, x -> pairwise(name).statistic(x, Optional.empty()))
                : evaluate(samples, column(name)::statistic);
        var mean = Arrays.stream(found).average().orElseThrow();
        var variance = Arrays.stream(found).map(x -> (x - mean) * (x - mean)).sum() / found.length;
        assertTrue(Double.isFinite(mean));
        if (!Double.isNaN(expected)) {
            assertEquals(expected, mean, 4 * Math.sqrt(variance / found.length));
        }
    }

    @ParameterizedTest
    @MethodSource("everyName")
    void statisticGrowsForAShiftedAndWidenedSample(String name) {
        var shape = TestCatalog.isPairwise(name) ? Shape.of(1, 60, 3) : Shape.of(60, 1);
        var near = normal(shape);
        var far = NdArray.of(
                shape,
                Arrays.stream(near.data()).map(x -> 1.5 * x + (x > 1 ? 2.5 : 1)).toArray());
        var found = Stream.of(near, far)
                .map(s -> evaluate(
                        s,
                        x -> TestCatalog.isPairwise(name)
                                ? pairwise(name).statistic(x, Optional.empty())
                                : column(name).statistic(x))[0])
                .toList();
        assertTrue(Math.abs(found.get(1)) > Math.abs(found.get(0)), found.toString());
    }

    static List<String> everyName() {
        return TestCatalog.all();
    }

    /// A penalty that falls for ever wider samples would train them to diverge.
    @ParameterizedTest
    @MethodSource("pairwiseNames")
    void penaltyOfPairsGrowsForWiderSamples(String name) {
        var shape = Shape.of(1, 60, 3);
        var near = normal(shape);
        var wide = NdArray.of(shape, Arrays.stream(near.data()).map(x -> 3 * x).toArray());
        var found = Stream.of(near, wide)
                .map(s -> evaluate(s, x -> pairwise(name).penalty(x, Optional.empty()))[0])
                .toList();
        assertTrue(found.get(1) > found.get(0), found.toString());
    }

    static List<String> pairwiseNames() {
        return TestCatalog.PAIRWISE;
    }

    @Test
    void knotsOfTheUsualEppsPulleyWeighTheExpectedValue() {
        var test = new EppsPulley(17);
        var sum = 0.0;
        for (var j = 0; j < 17; j++) {
            sum += test.weight(j) * (1 - test.phi(j) * test.phi(j));
        }
        assertEquals(1.052464, sum, 1e-6);
    }

    private static UnivariateTest column(String name) {
        return TestCatalog.univariate(name, TestParameters.none());
    }

    private static MultivariateTest pairwise(String name) {
        return TestCatalog.multivariate(name, TestParameters.none());
    }

    private static NdArray normal(Shape shape) {
        var random = new Random(11);
        var x = NdArray.zeros(shape);
        Arrays.setAll(x.data(), _ -> random.nextGaussian());
        return x;
    }

    private static double[] evaluate(NdArray samples, UnaryOperator<Value> f) {
        var graph = new Graph("test");
        var y = f.apply(graph.input("x", Type.f32(samples.shape())));
        return Interpreter.evaluate(graph, Map.of("x", samples), List.of(y))
                .getFirst()
                .data();
    }
}
