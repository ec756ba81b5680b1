package dev.lejepa.tools.scaling;

import java.util.List;

/// Sums of gradients that begin while later gradients are still computed.
final class Overlap {
    private Overlap() {}

    /// Gradients that are summed in one go.
    ///
    /// @param computing seconds that the device takes to make them, after those before
    /// @param summing seconds that processes take to sum them, after those before
    record Bucket(double computing, double summing) {}

    /// @param buckets in the order in which they are made
    /// @return seconds from the beginning until all are summed
    static double seconds(List<Bucket> buckets) {
        var made = 0.0;
        var summed = 0.0;
        for (var b : buckets) {
            made += b.computing();
            summed = Math.max(made, summed) + b.summing();
        }
        return Math.max(made, summed);
    }
}
