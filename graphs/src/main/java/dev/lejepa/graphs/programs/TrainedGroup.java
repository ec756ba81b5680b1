package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.optim.ParameterGroup;
import java.util.LinkedHashMap;
import java.util.List;

/// Parameters that the optimizer treats alike, and how.
///
/// @param settings as the manifest has them; the name also names the learning rate's input, `lr.NAME`
public record TrainedGroup(Manifest.Group settings, List<Parameter> parameters) {
    public TrainedGroup {
        parameters = List.copyOf(parameters);
    }

    /// A group with AdamW's usual betas, 0.9 and 0.999, its eps of 1e-8, and a learning rate that stays as it is.
    ///
    /// @param rate the learning rate that the manifest proposes; a step takes the one that it is fed
    /// @param weightDecay decoupled decay
    public static TrainedGroup adamW(String name, List<Parameter> parameters, double rate, double weightDecay) {
        var settings = new Manifest.Group(name, weightDecay, List.of(0.9, 0.999), 1e-8, Manifest.Rate.constant(rate));
        return new TrainedGroup(settings, parameters);
    }

    /// The same for the optimizer's graph.
    ParameterGroup forOptimizer() {
        var types = new LinkedHashMap<String, Type>();
        parameters.forEach(p -> types.put(p.name(), p.value().type()));
        var betas = settings.betas();
        return new ParameterGroup(
                settings.name(), types, settings.weightDecay(), betas.get(0), betas.get(1), settings.eps());
    }
}
