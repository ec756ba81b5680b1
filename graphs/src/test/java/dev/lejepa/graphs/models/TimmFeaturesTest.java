package dev.lejepa.graphs.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pooled features of small models beside timm's (`tools/interop/timm_features.py`), from parameters and images that
/// are functions of name and index.
class TimmFeaturesTest {
    /// The interpreter computes in double precision, as timm did; what differs is the order of sums, and the resampling
    /// of positions, which timm does in single precision.
    private static final double TOLERANCE = 1e-6;

    static List<String> cases() {
        return TimmCase.lines("features.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void featuresAreTimms(String line) {
        var given = TimmCase.of(line);
        var expected = given.expected().getFirst();
        var found = given.compute((model, s, images) -> model.pool(s, model.features(s, images)));
        var second = found.size() / 2;
        assertArrayEquals(expected, Arrays.copyOfRange(found.data(), second, second + expected.length), TOLERANCE);
    }

    /// Also where the last block computes no more than what is pooled.
    @ParameterizedTest
    @MethodSource("cases")
    void embeddingsAreTheHeadOfTheseFeatures(String line) {
        var given = TimmCase.of(line);
        var parts = given.compute((model, s, images) -> model.head(s, model.pool(s, model.features(s, images))));
        var whole = given.compute((model, s, images) -> model.forward(s, images));
        assertArrayEquals(parts.data(), whole.data(), 1e-12); // the same sums
    }
}
