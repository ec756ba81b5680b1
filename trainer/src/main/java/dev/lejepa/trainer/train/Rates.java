package dev.lejepa.trainer.train;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.schedule.WarmupCosine;
import java.util.ArrayList;
import java.util.List;

/// The learning rates of a program's groups, step by step.
final class Rates {
    private final Program program;
    private final List<Rate> rates = new ArrayList<>();

    private record Rate(String input, WarmupCosine schedule) {}

    Rates(Program program, long stepsPerEpoch) {
        this.program = program;
        for (var stage : program.manifest().stages()) {
            for (var in : stage.inputs()) {
                if (in instanceof StageInput.Rate rate) {
                    rates.add(new Rate(
                            in.name(), schedule(group(program, rate.group()).lr(), stepsPerEpoch)));
                }
            }
        }
    }

    /// Sets the rates of a step, counted from 0.
    ///
    /// @return the first group's, the model's
    double feed(long step) {
        for (var r : rates) {
            program.input(r.input()).setFloats((float) r.schedule().at(step));
        }
        return rates.getFirst().schedule().at(step);
    }

    private static WarmupCosine schedule(Manifest.Rate rate, long stepsPerEpoch) {
        var warmup = Math.round(rate.warmupEpochs() * stepsPerEpoch);
        var total = Math.round(rate.epochs() * stepsPerEpoch);
        return new WarmupCosine(rate.base(), warmup, total, rate.warmupStart(), rate.finalFraction());
    }

    private static Manifest.Group group(Program program, String name) {
        return program.manifest().groups().stream()
                .filter(g -> g.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(Text.format("the manifest has no group '%s'", name)));
    }
}
