package dev.lejepa.tools.eval;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.eval.LinearProbe.Head;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The tables of an evaluation, for people.
public final class EvalReport {
    private static final int NAMED_AT_MOST = 5;

    private final EvalResult result;

    private EvalReport(EvalResult result) {
        this.result = result;
    }

    public static List<String> lines(EvalResult result) {
        return new EvalReport(result).lines();
    }

    private List<String> lines() {
        var lines = new ArrayList<String>();
        var encoder = result.encoder();
        lines.add(Text.format(
                "%s: output '%s', %d features, images of %s",
                encoder.file(),
                result.outputs().probed(),
                encoder.width(result.outputs().probed()),
                encoder.preparation().line()));
        lines.add(Text.format(
                "%,d classes, %,d training images, %,d test images%s",
                result.classes().size(),
                result.trainImages(),
                result.testImages(),
                result.held() ? " held out of the training images by seed" : ""));
        lines.add("");
        result.probes().forEach(p -> lines.add(probe("linear", p)));
        result.flipped().forEach(p -> lines.add(probe("linear, learned from mirrored images too", p)));
        result.neighbors()
                .forEach(n -> lines.add(
                        Text.format("  %5.2f %%           nearest neighbors, k = %d", 100 * n.top1(), n.k())));
        lines.add("");
        lines.addAll(result.health().lines());
        lines.add("");
        lines.add("hardest classes: " + hardest());
        return lines;
    }

    private static String probe(String what, ProbeResult probe) {
        var spread = probe.top1().size() < 2 ? "       " : Text.format("+- %4.2f", 100 * probe.deviation());
        return Text.format(
                "  %5.2f %% %s   %s, %s (top-5 %.2f %%, %s)",
                100 * probe.mean(),
                spread,
                what,
                probe.shots().perClass().isPresent() ? "shots: " + probe.shots().word() : "all images",
                100 * probe.first().top5(),
                probe.heads().stream().distinct().map(EvalReport::head).collect(Collectors.joining("; ")));
    }

    private static String head(Head head) {
        var penalty = head.penalty() > 0 ? Text.format(", penalty %s", head.penalty()) : "";
        var decay = head.weightDecay() > 0 ? Text.format(", weight decay %s", head.weightDecay()) : "";
        return Text.format("learning rate %s%s%s", head.learningRate(), decay, penalty);
    }

    private String hardest() {
        var perClass = result.main().first().perClass();
        return IntStream.range(0, perClass.length)
                .filter(c -> !Double.isNaN(perClass[c]))
                .boxed()
                .sorted(Comparator.comparingDouble(c -> perClass[c]))
                .limit(NAMED_AT_MOST)
                .map(c -> Text.format("%s %.1f %%", result.classes().get(c), 100 * perClass[c]))
                .collect(Collectors.joining(", "));
    }
}
