package dev.lejepa.graphs.optim;

import dev.lejepa.graphs.ir.Type;
import java.util.SequencedMap;

/// Parameters that AdamW treats alike. Betas, eps and decay are constants of the graph; the learning rate is an input.
///
/// @param name names the learning rate's input: `lr.NAME`
/// @param parameters name to type
/// @param weightDecay decoupled decay
public record ParameterGroup(
        String name,
        SequencedMap<String, Type> parameters,
        double weightDecay,
        double beta1,
        double beta2,
        double epsilon) {
    /// The input that the group's learning rate enters by.
    public String rateInput() {
        return "lr." + name;
    }
}
