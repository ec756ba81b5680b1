package dev.lejepa.graphs.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalLawTest {
    /// From `scipy.special.log_ndtr`.
    @ParameterizedTest
    @CsvSource({
        "-38, -726.5572160188201",
        "-10, -53.23128515051248",
        "-5, -15.064998393988727",
        "-3, -6.60772622151035",
        "0, -0.6931471805599453",
        "3, -0.0013508099647481925",
        "8, -6.220960574271742e-16",
    })
    void logarithmOfTheDistributionFunctionIsExactInBothTails(double x, double expected) {
        assertEquals(expected, NormalLaw.logCdf(x), 1e-13 * Math.abs(expected));
    }

    @ParameterizedTest
    @CsvSource({"-2.8284, -2.8285", "2.8284, 2.8285", "-0.00001, 0.00001"})
    void formulasMeet(double x, double y) {
        assertEquals(
                NormalLaw.logCdf(y) - NormalLaw.logCdf(x),
                (y - x) * NormalLaw.density((x + y) / 2) / NormalLaw.cdf((x + y) / 2),
                1e-12);
    }
}
