package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.losses.LeJepaLoss;
import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.models.Probe;
import dev.lejepa.graphs.models.Projector;
import java.util.Optional;

/// All that a training step computes with: the encoder, the projector, the objective and, where there are labels, the
/// online probe.
public record StepModel(Backbone backbone, Projector projector, LeJepaLoss loss, Optional<Probe> probe) {
    static final String PROJECTOR = "projector";
    public static final String PROBE = "probe";
}
