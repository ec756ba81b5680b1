package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.rank.Differences;
import dev.lejepa.tools.rank.FinishedRun;
import dev.lejepa.tools.rank.HeldOutImages;
import dev.lejepa.tools.rank.LossMeter;
import dev.lejepa.tools.rank.Ranking;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.ranks.Together;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;

/// `rank`: orders finished runs by their LeJEPA loss on held-out images, the choice among models that needs no labels.
final class RankCommand implements Command {
    /// The authors' exponent; see [dev.lejepa.tools.rank.HeldOutLoss#score].
    private static final double ALPHA = 0.4;

    @Override
    public List<Option> options() {
        return List.of(
                Flags.ranks(),
                Flags.value("data", "DATA", "held-out images (default: data.val of the runs' recipes)"),
                Flags.value(
                        "alpha",
                        "A",
                        Text.format(
                                "runs are ordered by loss / lambda^A (default: %s, as the authors found; 0: by the loss)",
                                ALPHA)),
                Flags.value("seed", "N", "of views, slice directions and the interval's draws (default: 0)"),
                Flags.device());
    }

    @Override
    public String operands() {
        return "RUN...";
    }

    @Override
    public String example() {
        return "./lejepa rank runs/lambda-0.02 runs/lambda-0.05 runs/lambda-0.1";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        var alpha = alpha(call);
        var seed = call.wholeLong("seed").orElse(0);
        var ranks = call.ranks(call.device());
        var runs = Together.all(ranks, () -> {
            var opened = open(call.operands(1, Integer.MAX_VALUE));
            requireLambda(opened, alpha);
            return opened;
        });
        try (var images = Together.opened(ranks, () -> HeldOutImages.of(runs, call.text("data"), call.sources()))) {
            images.store().source().notes().forEach(note -> call.console().note("note: " + note));
            Differences.among(runs).forEach(call.console()::note);
            var ranking = measure(call, ranks, runs, images, alpha, seed);
            var report = new RankReport(ranking, images, alpha);
            report.lines().forEach(call.console()::note);
            if (!call.has("json")) {
                ranking.places().forEach(p -> call.console().sayPath(p.run().folder()));
            }
            call.console().result(report.json().put("seed", seed));
        }
        return ExitCode.DONE;
    }

    private static Ranking measure(
            Call call, Ranks ranks, List<FinishedRun> runs, HeldOutImages images, double alpha, long seed)
            throws IOException, InterruptedException {
        var threads = call.threads();
        var places = new ArrayList<Ranking.Place>();
        var device = call.toldDevice();
        try (var engine = Together.opened(ranks, () -> OrtEngine.open(device, EngineOptions.of(threads)))) {
            var meter = new LossMeter(engine, images, seed, LoaderSize.autoWorkers(threads), ranks);
            for (var run : runs) {
                var loss = meter.measure(run);
                places.add(new Ranking.Place(run, loss, loss.score(run.lambda(), alpha)));
                if (!Double.isFinite(loss.loss())) {
                    call.console().note(Text.format("warning: %s: its loss is no number; it comes last", run.name()));
                }
            }
        }
        return Ranking.of(places, seed);
    }

    private static double alpha(Call call) {
        var text = call.text("alpha");
        if (text.isEmpty()) {
            return ALPHA;
        }
        try {
            var alpha = Double.parseDouble(text.get());
            if (Double.isFinite(alpha)) {
                return alpha;
            }
        } catch (NumberFormatException e) {
            // told below, as what is not finite is
        }
        throw new BadInputException(Text.format("--alpha %s: must be a number, such as 0.4", text.get()));
    }

    private static List<FinishedRun> open(List<String> folders) throws IOException {
        var runs = new ArrayList<FinishedRun>();
        var seen = new HashMap<Path, String>();
        for (var folder : folders) {
            var run = FinishedRun.open(Call.asPath(folder, folder));
            var before = seen.putIfAbsent(run.folder().toRealPath(), run.name());
            if (before != null) {
                throw new BadInputException(
                        Text.format("%s: is the same run as %s, expected each run once", run.name(), before));
            }
            runs.add(run);
        }
        return runs;
    }

    /// Nothing can be divided by a power of 0.
    private static void requireLambda(List<FinishedRun> runs, double alpha) {
        var without = runs.stream()
                .filter(r -> alpha != 0 && r.lambda() == 0)
                .map(FinishedRun::name)
                .collect(Collectors.joining(", "));
        if (!without.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: loss.lambda is 0, so loss / lambda^%s does not exist; give --alpha 0 to order by the loss",
                    without, alpha));
        }
    }
}
