package dev.lejepa.tools.stat;

import java.util.Arrays;

/// A law known from draws: by their ranks, and for the largest tenth by a generalized Pareto tail, which goes on where
/// there are no draws. Its shape and scale are those of probability-weighted moments (Hosking and Wallis, Technometrics
/// 29 (1987)), the shape one standard error heavier than these say and never lighter than exponential, so that far out
/// probabilities are told too large rather than too small. Where no such tail can be told, as the largest draws are all
/// equal or some of them are infinite, ranks alone count.
final class DrawnLaw {
    private static final int TAIL_PART = 10;
    private static final double LEAST = 1e-9;
    private static final int LEAST_TAIL = 5;

    /// Without those that are no numbers.
    private final double[] sorted;

    private final double threshold;
    private final double tailProbability;
    private final double shape;
    private final double scale;

    DrawnLaw(double[] draws) {
        sorted = Arrays.stream(draws).filter(x -> !Double.isNaN(x)).sorted().toArray();
        var tail = Math.clamp(sorted.length - 1, 0, Math.max(LEAST_TAIL, sorted.length / TAIL_PART));
        threshold = sorted.length == 0 ? Double.NaN : sorted[sorted.length - tail - 1];
        tailProbability = (tail + 1.0) / (sorted.length + 1);
        var mean = 0.0;
        var weighted = 0.0;
        for (var i = 0; i < tail; i++) {
            var excess = sorted[sorted.length - tail + i] - threshold;
            mean += excess / tail;
            weighted += excess * (1 - (i + 0.65) / tail) / tail;
        }
        // For light tails the mean excess is less than four times the weighted one.
        var fitted = mean > 0 ? Math.max(0, 2 - mean / (mean - 2 * weighted)) : 0;
        scale = mean * (1 - Math.min(fitted, 0.9));
        shape = fitted + Math.sqrt(4.0 / 3 / tail);
    }

    /// The probability of a value as large as this one; never less than a billionth, as a fit tells no more. NaN for
    /// NaN, and where no draw is a number.
    double survival(double x) {
        if (Double.isNaN(x) || sorted.length == 0) {
            return Double.NaN;
        }
        var hasTail = scale > 0 && scale < Double.POSITIVE_INFINITY;
        if (x <= threshold || !hasTail) {
            return (1.0 + Arrays.stream(sorted).filter(s -> s >= x).count()) / (1 + sorted.length);
        }
        var p = tailProbability * Math.pow(1 + shape * (x - threshold) / scale, -1 / shape);
        return Math.max(p, LEAST);
    }

    /// The law of the negative values.
    DrawnLaw mirrored() {
        return new DrawnLaw(Arrays.stream(sorted).map(x -> -x).toArray());
    }

    double mean() {
        return Arrays.stream(sorted).average().orElse(Double.NaN);
    }
}
