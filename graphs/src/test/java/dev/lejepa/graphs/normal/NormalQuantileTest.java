package dev.lejepa.graphs.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalQuantileTest {
    /// Expected values from Python's `statistics.NormalDist().inv_cdf`. Tolerance: the few rounding errors of the
    /// rational approximation, and one of `1 - p` in the upper tail.
    @ParameterizedTest
    @CsvSource({
        "5.551115123125783e-17, -8.292361075813595",
        "1e-12, -7.034483825301132",
        "1e-05, -4.2648907939228256",
        "0.01, -2.3263478740408408",
        "0.074, -1.4466320671589785",
        "0.075, -1.4395314709384557",
        "0.3, -0.5244005127080407",
        "0.5, 0",
        "0.7, 0.5244005127080407",
        "0.925, 1.439531470938456",
        "0.926, 1.4466320671589785",
        "0.99999, 4.26489079392384"
    })
    void quantilesAreThoseOfTheNormalDistribution(double p, double expected) {
        assertEquals(expected, NormalQuantile.quantile(p), 1e-14 * Math.max(1, Math.abs(expected)));
    }
}
