package dev.lejepa.tools.bench;

import java.util.Arrays;
import java.util.List;

/// How a measure grows with a size: the slope of the straight line through the logarithms of both, by least squares. 1
/// is linear growth.
public final class Slope {
    private Slope() {}

    /// @param sizes at least two different ones
    /// @param measures one for each size, positive
    public static double of(List<Double> sizes, List<Double> measures) {
        var x = sizes.stream().mapToDouble(Math::log).toArray();
        var y = measures.stream().mapToDouble(Math::log).toArray();
        var meanX = Arrays.stream(x).average().orElseThrow();
        var meanY = Arrays.stream(y).average().orElseThrow();
        var above = 0.0;
        var below = 0.0;
        for (var i = 0; i < x.length; i++) {
            above += (x[i] - meanX) * (y[i] - meanY);
            below += (x[i] - meanX) * (x[i] - meanX);
        }
        return above / below;
    }
}
