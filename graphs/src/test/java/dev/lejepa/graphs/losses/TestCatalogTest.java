package dev.lejepa.graphs.losses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.recipe.Regularizer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TestCatalogTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epps_pulley | knots | 16 | epps_pulley: knots must be odd and at least 3, found 16",
                "epps_pulley | knots | many | loss.test: knots is 'many', must be a whole number",
                "epps_pulley | t_max | 0 | epps_pulley: t_max must be positive, found 0.0",
                "epps_pulley | clip | -1 | epps_pulley: clip is -1.0, must not be negative",
                "epps_pulley | slices | 0 | epps_pulley: slices is 0, must be at least 1",
                "watson | reduction | max | loss.test: reduction is 'max', must be one of mean, sum",
                "watson | compat | torch | loss.test: compat is 'torch', must be one of standard, lejepa",
                "nll | alpha | 0.7 | nll: alpha is 0.7, must be above 0 and at most 0.5",
                "nll | alpha | NaN | nll: alpha is NaN, must be above 0 and at most 0.5",
                "nll | k | 0 | nll: k is 0, must be at least 1",
                "entropy | m | 0 | entropy: m is 0, must be at least 1",
                "moments | k_max | 0 | moments: k_max is 0, must be at least 1",
                "bhep | beta | 0 | bhep: beta is 0.0, must be positive",
                "bhep_m | beta | 0.5 | bhep_m: beta is 0.5, must be greater than 1",
                "comb | gamma | -1 | comb: gamma is -1.0, must be positive",
                "hv | gamma | wide | loss.test: gamma is 'wide', must be a number",
                "hz | beta | 1 | loss.test: hz has no parameter beta; it has compat",
                "bhep | slices | 9 | loss.test: bhep has no parameter slices; it has beta, compat",
                "vcreg | knots | 9 | loss.test: vcreg has no parameter knots; it has compat, slices, reduction, clip",
            })
    void parametersOutOfTheirRangeAreRefused(String test, String parameter, String value, String message) {
        var parameters = new TestParameters("loss.test", Map.of(parameter, value));
        var e = assertThrows(BadInputException.class, () -> TestCatalog.multivariate(test, parameters));
        assertEquals(message, e.getMessage());
    }

    @Test
    void unknownTestIsRefusedWithTheNearestName() {
        var e = assertThrows(BadInputException.class, () -> TestCatalog.multivariate("watsen", TestParameters.none()));
        assertTrue(e.getMessage().startsWith("test 'watsen' is unknown; did you mean 'watson'?"), e.getMessage());
        assertThrows(BadInputException.class, () -> TestCatalog.univariate("bhep", TestParameters.none()));
    }

    @ParameterizedTest
    @EnumSource(Regularizer.class)
    void everyTestIsTheOneThatWasAskedFor(Regularizer test) {
        var found = TestCatalog.multivariate(test.word(), TestParameters.none());
        assertEquals(test, found.regularizer());
        assertEquals(test.word(), found.name());
    }

    @ParameterizedTest
    @EnumSource(Regularizer.class)
    void testsOfPairsAloneReadNoSlices(Regularizer test) {
        var found = TestCatalog.multivariate(test, TestParameters.none());
        assertEquals(test.isPairwise(), found.slices() == 0);
    }

    @Test
    void onlyFourTestsHaveNoForms() {
        assertEquals(
                EnumSet.of(Regularizer.EPPS_PULLEY, Regularizer.MOMENTS, Regularizer.COMB, Regularizer.HV),
                EnumSet.complementOf(EnumSet.copyOf(Arrays.stream(Regularizer.values())
                        .filter(TestCatalog::hasForms)
                        .toList())));
    }

    @Test
    void parametersReachTheTest() {
        var parameters = new TestParameters("loss.test", Map.of("slices", "7", "clip", "0.5", "m", "2"));
        var test = assertInstanceOf(SlicedTest.class, TestCatalog.multivariate("entropy", parameters));
        assertEquals(7, test.slices());
        assertEquals(0.5, test.clip().getAsDouble());
        assertEquals(new Entropy(2, Entropy.Method.CENTERED, Form.STANDARD), test.test());
    }

    @Test
    void tooFewSamplesAreRefused() {
        var one = new Graph("test").input("x", Type.f32(1, 4));
        var e = assertThrows(IllegalArgumentException.class, () -> new VcReg().statistic(one));
        assertEquals("vcreg needs at least 2 samples, found 1", e.getMessage());
    }
}
