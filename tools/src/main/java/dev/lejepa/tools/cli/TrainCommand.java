package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.report.Computing;
import dev.lejepa.tools.run.RunSettings;
import dev.lejepa.tools.run.TrainSession;
import dev.lejepa.trainer.train.NonFiniteLossException;
import dev.lejepa.trainer.train.RunEngine;
import dev.lejepa.trainer.train.RunFolder;
import dev.lejepa.trainer.train.RunLock;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;

/// `train`: trains a recipe, or goes on with a run.
final class TrainCommand implements Command {
    @Override
    public List<Option> options() {
        return Flags.with(
                Flags.engine(),
                Flags.config(),
                Flags.set(),
                Flags.value("out", "DIR", "folder of the run (default: runs/ and the recipe's name)"),
                Flags.ranks(),
                Flags.flag("resume", "goes on from the newest checkpoint; with --out alone, by the run's own recipe"),
                Flags.flag("accept-data", "with --resume: goes on although the images are not those of the start"));
    }

    @Override
    public String example() {
        return "./lejepa train --config recipes/cifar10-vit-tiny.yaml --set data.train=photos --out runs/photos";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        if (call.has("accept-data") && !call.has("resume")) {
            throw new BadInputException("--accept-data is for runs that go on: it needs --resume");
        }
        var folder = new RunFolder(out(call));
        OutputPlace.requireFolder("out", folder.path());
        if (call.has("resume")) {
            folder.requireRun();
        }
        var console = call.console();
        try (var lock = RunLock.take(folder.path(), console.words()::println)) {
            return run(settings(call, folder), lock, console);
        }
    }

    private static ExitCode run(RunSettings settings, RunLock lock, Console console)
            throws IOException, InterruptedException {
        var computing = new Computing(settings.device(), settings.threads());
        try {
            var result = TrainSession.run(settings, lock);
            var page = result.outcome() == TrainEvent.Outcome.DONE
                    ? FinishedReport.write(settings.folder(), computing, console)
                    : Optional.<Path>empty();
            return report(console, settings.folder(), result, page);
        } catch (NonFiniteLossException e) {
            console.note("lejepa: " + e.getMessage());
            FinishedReport.write(settings.folder(), computing, console)
                    .ifPresent(page -> console.note("report: " + PathText.shown(page)));
            return ExitCode.FAULT;
        }
    }

    private static RunSettings settings(Call call, RunFolder folder) throws IOException {
        return new RunSettings(
                recipe(call, folder),
                folder,
                call.has("resume"),
                call.has("accept-data"),
                call.device(),
                engineOptions(call, folder),
                call.console().terminal(),
                call.console().words(),
                call.stopSignal());
    }

    /// A run goes on with the threads that it began with, unless others are asked for: sums depend on them.
    private static EngineOptions engineOptions(Call call, RunFolder folder) throws IOException {
        var options = call.engineOptions();
        var before = call.has("resume") && !call.has("threads") ? RunEngine.read(folder) : Optional.<RunEngine>empty();
        if (before.isEmpty()) {
            return options;
        }
        var threads = before.get().threads();
        if (threads != options.threads()) {
            call.console()
                    .note(Text.format(
                            "computing with %d threads, as the run began; this machine would take %d. --threads changes them, and perhaps the last digits of sums",
                            threads, options.threads()));
        }
        return options.withThreads(threads);
    }

    private static Path out(Call call) {
        if (call.path("out").isPresent()) {
            return call.path("out").get();
        }
        if (call.path("config").isEmpty()) {
            throw new BadInputException(
                    call.has("resume")
                            ? "--resume needs --out RUN, the run to go on with (or --config, for the run in its default place)"
                            : "--config is missing; it names the recipe, see --help");
        }
        var file = call.requiredPath("config").getFileName();
        return PathText.path("runs/" + (file == null ? "run" : withoutSuffix(PathText.text(file))));
    }

    private static String withoutSuffix(String name) {
        var dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static Recipe recipe(Call call, RunFolder folder) throws IOException {
        if (call.has("resume") && call.path("config").isEmpty()) {
            return RecipeFile.read(folder.recipe(), call.texts("set"));
        }
        return call.recipe();
    }

    private static ExitCode report(Console console, RunFolder folder, Trainer.Result result, Optional<Path> page) {
        var json = json(folder, result);
        page.ifPresent(file -> json.put("report", PathText.text(file)));
        console.result(json);
        return switch (result.outcome()) {
            case DONE -> {
                console.say(Text.format(
                        "encoder: %s; views as the network sees them: %s; log: %s",
                        folder.encoder(), folder.views(), folder.metrics()));
                page.ifPresent(file -> console.say("report: " + PathText.shown(file)));
                yield ExitCode.DONE;
            }
            case INTERRUPTED -> {
                console.say(Text.format(
                        "%s; go on with: ./lejepa train --resume --out %s",
                        result.steps() == 0
                                ? "stopped before the first step"
                                : Text.format("saved after step %d", result.steps()),
                        folder.path()));
                yield ExitCode.INTERRUPTED;
            }
            case FAILED -> ExitCode.FAULT;
        };
    }

    private static ObjectNode json(RunFolder folder, Trainer.Result result) {
        var json = JsonNodeFactory.instance.objectNode().put("steps", result.steps());
        number(json, "seconds", "%.3f", result.seconds());
        number(json, "images_per_s", "%.2f", result.imagesPerSecond());
        number(json, "loss", "%.9g", result.loss());
        result.valTop1().ifPresent(top1 -> number(json, "val_top1", "%.6f", top1));
        return json.put("run", PathText.text(folder.path())).put("encoder", PathText.text(folder.encoder()));
    }

    /// JSON has no word for what is not finite: the loss of no step, for one.
    @FormatMethod
    private static void number(ObjectNode json, String key, @FormatString String format, double value) {
        if (Double.isFinite(value)) {
            json.put(key, Double.parseDouble(Text.format(format, value)));
        } else {
            json.putNull(key);
        }
    }
}
