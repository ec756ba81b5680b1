package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.recipe.ProbeSpec;
import dev.lejepa.tools.run.StartingPoint;
import dev.lejepa.tools.run.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;

/// `emit`: a recipe's graphs, states and initial values as a bundle. Opens neither data nor engine.
final class EmitCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(
                Flags.config(), Flags.set(), Flags.target(), Flags.value("out", "BUNDLE", "folder of the bundle"));
    }

    @Override
    public String example() {
        return "./lejepa emit --config recipes/imagenette-minimal.yaml --target portable --out bundle";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        call.operands(0, 0);
        var began = System.nanoTime();
        var out = call.requiredOutputFolder("out");
        requirePlace(out);
        var recipe = call.recipe();
        // Without data nobody counts classes, so a probe is part of the bundle only where the recipe says how many.
        var classes =
                recipe.probe().map(ProbeSpec::classes).map(c -> c.orElse(0)).orElse(0);
        var plan = StepPlan.of(recipe, classes, Target.ORT);
        plan.notes().forEach(call.console()::say);
        int nodes;
        try (var start = StartingPoint.of(recipe, plan.bundle())) {
            start.note().ifPresent(call.console()::say);
            nodes = BundleWriter.write(plan.bundle(), start.values(), out);
        }
        var estimate = plan.estimate();
        var seconds = (System.nanoTime() - began) / 1e9;
        call.console()
                .say(Text.format("%s: %s, %d nodes, written in %.1f s", out, estimate.describe(true), nodes, seconds));
        call.console()
                .result(JsonNodeFactory.instance
                        .objectNode()
                        .put("bundle", PathText.text(out))
                        .put("parameters", estimate.parameters())
                        .put("flops_per_step", estimate.flopsPerStep())
                        .put("peak_memory_bytes", estimate.peakMemoryBytes())
                        .put("recompute", plan.recompute().word())
                        .put("nodes", nodes)
                        .put("seconds", Double.parseDouble(Text.format("%.3f", seconds))));
        return ExitCode.DONE;
    }

    /// A bundle may be written over an older one, but over nothing else.
    private static void requirePlace(Path out) throws IOException {
        if (!Files.exists(out) || Files.exists(out.resolve(Bundle.MANIFEST))) {
            return;
        }
        try (var entries = Files.list(out)) {
            if (!entries.allMatch(OutputFile::isUnfinished)) {
                throw new BadInputException(Text.format("--out %s: is not empty and holds no bundle", out));
            }
        }
    }
}
