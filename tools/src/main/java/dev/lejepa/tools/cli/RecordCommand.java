package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.tools.run.Recording;
import dev.lejepa.tools.run.RunRecipe;
import dev.lejepa.trainer.train.RunLock;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/// `record`: trains and writes down every input of every step.
final class RecordCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(
                Flags.config(), Flags.set(), Flags.target(), Flags.value("out", "TRACE", "new folder for the trace"));
    }

    @Override
    public String example() {
        return "./lejepa record --config recipes/cifar10-vit-tiny.yaml --set data.train=photos --set train.steps=20"
                + " --target portable --out trace";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        var out = call.requiredOutputFolder("out");
        var recipe = RunRecipe.absolute(call.recipe());
        var words = call.console().words();
        Recording.Result result;
        try (var lock = RunLock.take(out, words::println)) {
            var stop = call.stopSignal().after(lock::requireHeld);
            result = new Recording(recipe, out, call.threads(), words, stop).run();
        }
        call.console().say(Text.format("%s: %d of %d steps recorded", out, result.steps(), result.planned()));
        call.console()
                .result(JsonNodeFactory.instance
                        .objectNode()
                        .put("steps", result.steps())
                        .put("trace", PathText.text(out)));
        return result.steps() < result.planned() ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }
}
