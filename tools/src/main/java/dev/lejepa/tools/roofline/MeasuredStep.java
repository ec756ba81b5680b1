package dev.lejepa.tools.roofline;

import dev.lejepa.graphs.Text;
import java.util.Objects;
import java.util.stream.Stream;

/// A step that was measured, beside its roofline.
///
/// @param seconds that a step took, more than 0
public record MeasuredStep(Roofline roofline, double seconds) {
    /// How often the bound goes into the measured time: 1 would be a step that reaches it.
    public double overBound() {
        return seconds / roofline.sum().seconds();
    }

    /// Operations of products and attention, recomputed ones too, as a part of what the device's tensor cores could do
    /// in
    /// the time.
    public double utilization() {
        var flops = Stream.of(OperatorClass.PRODUCTS, OperatorClass.ATTENTION)
                .map(roofline.classes()::get)
                .filter(Objects::nonNull)
                .mapToDouble(Roofline.Sum::flops)
                .sum();
        return flops / (seconds * roofline.device().peak());
    }

    /// For people.
    public String inOneLine() {
        return Text.format(
                "%s; measured %.1f ms, %.2fx; %.1f %% of the tensor cores' peak",
                roofline.inOneLine(), seconds * 1e3, overBound(), utilization() * 100);
    }
}
