package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.autodiff.Gradients;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.recipe.Regularizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The gradient of every test of the catalog is that of its central differences.
class TestGradientsTest {
    private static final Shape COLUMNS = Shape.of(2, 9, 3);

    /// A test and parameters that are not its defaults.
    record Setting(Regularizer test, Map<String, String> parameters) {
        TestParameters asParameters() {
            return new TestParameters("test", parameters);
        }

        Setting with(String name, String value) {
            var all = new HashMap<>(parameters);
            all.put(name, value);
            return new Setting(test, all);
        }
    }

    /// Each test as it is by default, and its other branches. Spacings of one rank to the right may be so narrow that
    /// the differences err.
    private static List<Map<String, String>> variants(Regularizer test) {
        return switch (test) {
            case EPPS_PULLEY -> List.of(Map.of(), Map.of("knots", "5", "t_max", "2"));
            case SHAPIRO_WILK ->
                List.of(
                        Map.of(),
                        Map.of("expectation", "blom"),
                        Map.of("expectation", "rahman", "covariance", "rahman"));
            case ANDERSON_DARLING, CRAMER_VON_MISES, WATSON, EXTENDED_JARQUE_BERA, VCREG, HZ -> List.of(Map.of());
            case ENTROPY ->
                List.of(
                        Map.of(),
                        Map.of("m", "2"),
                        Map.of("m", "2", "method", "right"),
                        Map.of("m", "3", "method", "right"));
            case NLL -> List.of(Map.of(), Map.of("alpha", "0.3"), Map.of("k", "2"));
            case MOMENTS -> List.of(Map.of(), Map.of("k_max", "7"), Map.of("k_max", "1"));
            case BHEP -> List.of(Map.of(), Map.of("beta", "1"));
            case BHEP_M -> List.of(Map.of(), Map.of("beta", "3"));
            case COMB -> List.of(Map.of(), Map.of("gamma", "1"));
            case HV -> List.of(Map.of(), Map.of("gamma", "3"));
        };
    }

    static Stream<Setting> settings() {
        return Stream.of(Regularizer.values())
                .flatMap(test -> variants(test).stream().map(p -> new Setting(test, p)))
                .flatMap(s -> TestCatalog.hasForms(s.test()) ? Stream.of(s, s.with("compat", "lejepa")) : Stream.of(s));
    }

    static Stream<Setting> columnSettings() {
        return settings().filter(s -> !s.test().isPairwise());
    }

    @ParameterizedTest
    @MethodSource("columnSettings")
    void gradientOfColumnsEqualsCentralDifferences(Setting s) {
        var test = TestCatalog.univariate(s.test().word(), s.asParameters());
        Gradients.assertGradient(COLUMNS, test::statistic);
    }

    /// Beyond 3 the forms differ.
    @ParameterizedTest
    @MethodSource("columnSettings")
    void gradientOfWideColumnsEqualsCentralDifferences(Setting s) {
        var test = TestCatalog.univariate(s.test().word(), s.asParameters());
        Gradients.assertGradient(List.of(COLUMNS), x -> 3 * x + 1, v -> List.of(test.statistic(v.getFirst())));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void gradientOfVectorsEqualsCentralDifferences(Setting s) {
        assertGradientOfVectors(TestCatalog.multivariate(s.test(), sliced(s).asParameters()));
    }

    @ParameterizedTest
    @MethodSource("columnSettings")
    void gradientOfTheSumOfSlicesEqualsCentralDifferences(Setting s) {
        var summed = sliced(s).with("reduction", "sum").with("clip", "0.01");
        assertGradientOfVectors(TestCatalog.multivariate(s.test(), summed.asParameters()));
    }

    private static Setting sliced(Setting s) {
        return s.test().isPairwise() ? s : s.with("slices", "5");
    }

    private static void assertGradientOfVectors(MultivariateTest test) {
        var shapes = new ArrayList<>(List.of(Shape.of(2, 9, 3)));
        if (test.slices() > 0) {
            shapes.add(Shape.of(3, test.slices()));
        }
        Gradients.assertGradient(shapes, x -> x, v -> List.of(test.statistic(v.getFirst(), directions(v))));
    }

    private static Optional<Value> directions(List<Value> operands) {
        return operands.size() > 1 ? Optional.of(operands.get(1)) : Optional.empty();
    }
}
