package dev.lejepa.tools.run;

import dev.lejepa.graphs.cost.Flops;
import dev.lejepa.graphs.cost.Roofline;
import dev.lejepa.graphs.cost.Speed;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import java.util.function.ToDoubleFunction;

/// How often a process runs the stages of a step, and what they take together.
public final class StageRuns {
    private StageRuns() {}

    /// Of the last micro-batch the stage that repeats another one runs in its place.
    public static int of(Manifest manifest, Manifest.Stage stage) {
        var cut = manifest.microBatches();
        if (cut == null || !stage.perMicroBatch()) {
            return 1;
        }
        var repeated = manifest.stages().stream().anyMatch(s -> stage.name().equals(s.repeats()));
        return repeated ? cut.count() - 1 : cut.count();
    }

    /// Floating-point operations of a process in a step.
    static long flops(Bundle bundle) {
        return Math.round(sum(bundle, stage -> Flops.of(bundle.graph(stage.graph()))));
    }

    /// Seconds of a process in a step, without what it waits for.
    static double seconds(Bundle bundle, Speed speed) {
        return sum(bundle, stage -> Roofline.seconds(bundle.graph(stage.graph()), speed));
    }

    private static double sum(Bundle bundle, ToDoubleFunction<Manifest.Stage> cost) {
        var manifest = bundle.manifest();
        return manifest.stages().stream()
                .mapToDouble(stage -> of(manifest, stage) * cost.applyAsDouble(stage))
                .sum();
    }
}
