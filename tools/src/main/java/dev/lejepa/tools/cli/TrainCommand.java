package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.tools.report.Computing;
import dev.lejepa.tools.run.RunPlace;
import dev.lejepa.tools.run.RunSettings;
import dev.lejepa.tools.run.TrainSession;
import dev.lejepa.trainer.ranks.Together;
import dev.lejepa.trainer.train.NonFiniteLossException;
import dev.lejepa.trainer.train.RunFolder;
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
        var device = call.device();
        var ranks = call.ranks(device);
        try (var place = Together.opened(ranks, () -> place(call, ranks))) {
            return run(settings(call, place.folder(), device, ranks), place, ranks, call.console());
        }
    }

    private static RunPlace place(Call call, Ranks ranks) throws IOException, InterruptedException {
        if (call.has("accept-data") && !call.has("resume")) {
            throw new BadInputException("--accept-data is for runs that go on: it needs --resume");
        }
        var folder = new RunFolder(out(call));
        if (ranks.rank() > 0) {
            return RunPlace.apart();
        }
        OutputPlace.requireFolder("out", folder.path());
        if (call.has("resume")) {
            folder.requireRun();
        }
        return RunPlace.locked(folder, call.console().words()::println);
    }

    private static ExitCode run(RunSettings settings, RunPlace place, Ranks ranks, Console console)
            throws IOException, InterruptedException {
        var computing = new Computing(settings.device(), settings.threads());
        var leads = ranks.rank() == 0;
        try {
            var roofline = TrainRoofline.of(settings, console);
            var result = TrainSession.run(settings, place, ranks, roofline);
            var page = leads && result.outcome() == TrainEvent.Outcome.DONE
                    ? FinishedReport.write(settings.folder(), computing, console)
                    : Optional.<Path>empty();
            if (leads) {
                roofline.ended(result);
            }
            return report(console, settings.folder(), result, page);
        } catch (NonFiniteLossException e) {
            // all processes have seen it
            console.note("lejepa: " + e.getMessage());
            if (leads) {
                FinishedReport.write(settings.folder(), computing, console)
                        .ifPresent(page -> console.note("report: " + PathText.shown(page)));
            }
            return ExitCode.FAULT;
        }
    }

    private static RunSettings settings(Call call, RunFolder folder, String device, Ranks ranks)
            throws IOException, InterruptedException {
        var handed = SharedSettings.of(call, folder, ranks);
        return new RunSettings(
                handed.recipe(),
                folder,
                call.has("resume"),
                call.has("accept-data"),
                device,
                handed.options(),
                call.console().terminal(),
                call.console().words(),
                call.stopSignal());
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
