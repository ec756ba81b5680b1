package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cuda.Measurements;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Which products with formulas of a graph are computed by the kernel of both, and which by the library's product and
/// the formula after it. An operator has a kernel for all its nodes or for none, so their sum decides.
record ProductChoice(List<ProductTimes> times) {
    /// Names of the products that are faster apart.
    Set<String> apart() {
        return times.stream()
                .collect(Collectors.groupingBy(
                        ProductTimes::product,
                        Collectors.summingDouble(t -> t.nodes() * (t.apart() - (1 - Measurements.MARGIN) * t.fused()))))
                .entrySet()
                .stream()
                .filter(gain -> gain.getValue() < 0)
                .map(gain -> gain.getKey())
                .collect(Collectors.toSet());
    }

    /// The choice and what it follows from, in one line.
    ///
    /// @param graph its name
    String describe(String graph) {
        var apart = apart();
        return times.stream()
                .map(t -> t.describe() + (apart.contains(t.product()) ? " (apart)" : " (one kernel)"))
                .collect(Collectors.joining(
                        "; ", Text.format("%s: products with formulas, ms in one kernel and apart: ", graph), ""));
    }
}
