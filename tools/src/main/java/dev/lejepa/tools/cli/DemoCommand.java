package dev.lejepa.tools.cli;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Choice;
import dev.lejepa.graphs.recipe.Precision;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.tools.demo.Demo;
import dev.lejepa.tools.demo.DemoRecipe;
import dev.lejepa.tools.demo.DemoReport;
import dev.lejepa.tools.demo.DemoSettings;
import dev.lejepa.tools.report.Computing;
import dev.lejepa.trainer.train.NonFiniteLossException;
import dev.lejepa.trainer.train.RunLock;
import dev.lejepa.trainer.train.TrainEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.cli.Option;

/// `demo`: from nothing to a probed encoder.
final class DemoCommand implements Command {
    private static final Path DEFAULT_OUT = PathText.path("runs/demo");

    @Override
    public List<Option> options() {
        return List.of(
                Flags.value(
                        "out", "DIR", "folder of the run (default: runs/demo, or runs/demo-2 and so on after that)"),
                Flags.value("seed", "N", "of images, initial parameters and all else (default: 0)"),
                Flags.value(
                        "precision", "fp32|bf16", "number format of the training (default: that of recipes/demo.yaml)"),
                Flags.device());
    }

    @Override
    public String example() {
        return "./lejepa demo --seed 1";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        var out = call.path("out").orElseGet(() -> free(DEFAULT_OUT));
        OutputPlace.requireFolder("out", out);
        var recipe = recipe(call);
        var console = call.console();
        var settings =
                DemoSettings.standard(recipe, out, call.device(), call.threads(), console.terminal(), console.words());
        try (var lock = RunLock.take(out, console.words()::println)) {
            return run(new Demo(settings), lock, call, out);
        }
    }

    private static ExitCode run(Demo demo, RunLock lock, Call call, Path out) throws IOException, InterruptedException {
        var console = call.console();
        demo.makeImages();
        try {
            var training = demo.train(lock, call.stopSignal());
            if (training.outcome() == TrainEvent.Outcome.INTERRUPTED) {
                console.note(Text.format(
                        "stopped after step %d; ./lejepa train --resume --out %s trains on, without the comparison",
                        training.steps(), out));
                return ExitCode.INTERRUPTED;
            }
        } catch (NonFiniteLossException e) {
            console.note("lejepa: " + e.getMessage());
            return ExitCode.FAULT;
        }
        var result = demo.probe();
        var json = result.json();
        FinishedReport.write(result.run(), new Computing(call.device(), call.threads()), console)
                .ifPresent(page -> json.put("report", PathText.text(page)));
        DemoReport.of(result, console.words()).forEach(console::say);
        console.result(json);
        return ExitCode.DONE;
    }

    private static Recipe recipe(Call call) {
        var recipe = DemoRecipe.read().withSeed(call.wholeLong("seed").orElse(0));
        return call.word("precision", Choice.words(Precision.class))
                .flatMap(word -> Choice.find(Precision.class, word))
                .map(precision -> recipe.withTrain(recipe.train().withPrecision(precision)))
                .orElse(recipe);
    }

    /// The wanted folder, or with a number behind its name where it exists: a demonstration that is run again keeps the
    /// earlier ones.
    static Path free(Path wanted) {
        return IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> i == 1 ? wanted : PathText.withSuffix(wanted, "-" + i))
                .filter(Files::notExists)
                .findFirst()
                .orElseThrow();
    }
}
