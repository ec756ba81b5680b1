package dev.lejepa.tools.eval;

import java.util.List;
import java.util.OptionalInt;

/// What an evaluation is asked for.
///
/// @param shots in the order of the tables
/// @param asked whether a person asked for these, so that classes with fewer images are an error
/// @param seeds probes of each number of shots; where it is not said, three of few shots and one of all
/// @param weightDecays of the probes, each with each learning rate
/// @param flip whether probes also learn from mirrored images, beside those that do not
public record EvalSettings(
        List<Shots> shots, boolean asked, OptionalInt seeds, List<Double> weightDecays, boolean flip) {
    private static final int SEEDS = 3;

    public EvalSettings {
        shots = List.copyOf(shots);
        weightDecays = List.copyOf(weightDecays);
    }

    int seeds(Shots of) {
        return seeds.orElse(of.perClass().isPresent() ? SEEDS : 1);
    }
}
