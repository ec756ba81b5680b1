package dev.lejepa.graphs.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErfTest {
    /// A few units in the last place.
    private static final double RELATIVE = 2e-15;

    @ParameterizedTest
    @CsvSource({
        "1e-9, 1.1283791670955126e-09, 0.9999999988716208",
        "0.1, 0.1124629160182849, 0.8875370839817152",
        "0.5, 0.5204998778130465, 0.4795001221869535",
        "1, 0.8427007929497149, 0.15729920705028513",
        "1.5, 0.9661051464753108, 0.033894853524689274",
        "2, 0.9953222650189527, 0.004677734981047266",
        "2.5, 0.999593047982555, 0.0004069520174449589",
        "3, 0.9999779095030014, 2.209049699858544e-05",
        "5, 0.9999999999984626, 1.537459794428035e-12",
        "6, 1.0, 2.1519736712498913e-17"
    })
    void valuesAreThoseOfTheCLibrary(double x, double erf, double erfc) {
        assertEquals(erf, Erf.erf(x), RELATIVE * erf);
        assertEquals(-erf, Erf.erf(-x), RELATIVE * erf);
        assertEquals(erfc, Erf.erfc(x), x < 2 ? RELATIVE : RELATIVE * 10 * erfc);
    }

    @Test
    void limitsAreReached() {
        assertEquals(0, Erf.erf(0));
        assertEquals(1, Erf.erf(Double.POSITIVE_INFINITY));
        assertEquals(2, Erf.erfc(Double.NEGATIVE_INFINITY));
        assertEquals(Double.NaN, Erf.erf(Double.NaN));
        assertEquals(0.5, NormalLaw.cdf(0));
    }
}
