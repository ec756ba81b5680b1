package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.tools.rank.HeldOutImages;
import dev.lejepa.tools.rank.Ranking;
import dev.lejepa.tools.rank.Spearman;
import java.util.ArrayList;
import java.util.List;

/// A ranking as a table for people and as JSON for scripts.
///
/// @param alpha exponent of lambda in the score
record RankReport(Ranking ranking, HeldOutImages images, double alpha) {
    /// The table, best run first, and what is known of its order.
    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(Text.format(
                "%d held-out images of %s, in %d samples of %d",
                images.images(), images.store().source().place(), images.batches(), images.sample()));
        lines.add(Text.format(
                "%4s %10s %10s %10s %10s %8s %8s  %s",
                "rank",
                alpha == 0 ? "score" : "l/lam^" + alpha,
                "loss",
                "invariance",
                "sigreg",
                "lambda",
                "probe",
                "run"));
        var rank = 1;
        for (var place : ranking.places()) {
            lines.add(row(rank++, place));
        }
        lines.add(agreement());
        return lines;
    }

    private static String row(int rank, Ranking.Place place) {
        var top1 = place.run().probeTop1();
        return Text.format(
                "%4d %10.5f %10.5f %10.5f %10.4f %8s %8s  %s",
                rank,
                place.score(),
                place.loss().loss(),
                place.loss().invariance(),
                place.loss().sigreg(),
                place.run().lambda(),
                top1.isPresent() ? Text.format("%.1f %%", 100 * top1.getAsDouble()) : "-",
                place.run().name());
    }

    private String agreement() {
        var judged = ranking.places().stream()
                .filter(p -> p.run().probeTop1().isPresent())
                .count();
        if (ranking.spearman().isEmpty()) {
            return judged < Spearman.LEAST
                    ? Text.format(
                            "no correlation with the probe: %d of %d runs have its accuracy, and it takes %d",
                            judged, ranking.places().size(), Spearman.LEAST)
                    : "no correlation with the probe: all scores or all accuracies are equal";
        }
        var interval = ranking.interval().orElseThrow();
        return Text.format(
                "Spearman's correlation with the probe: %.3f (95 %%: %.3f to %.3f) over %d runs; 1: a lower score always means a better probe",
                ranking.spearman().getAsDouble(), interval.low(), interval.high(), judged);
    }

    ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        var order = json.putArray("order");
        ranking.places().forEach(p -> order.add(PathText.text(p.run().folder())));
        if (ranking.spearman().isPresent()) {
            json.put("spearman", ranking.spearman().getAsDouble());
        } else {
            json.putNull("spearman");
        }
        if (ranking.interval().isPresent()) {
            json.putArray("interval")
                    .add(ranking.interval().get().low())
                    .add(ranking.interval().get().high());
        } else {
            json.putNull("interval");
        }
        var runs = json.putArray("runs");
        ranking.places().forEach(p -> runs.add(json(p)));
        return json.put("alpha", alpha)
                .put("images", images.images())
                .put("sample", images.sample())
                .put("data", images.store().source().place());
    }

    private static ObjectNode json(Ranking.Place place) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("run", PathText.text(place.run().folder()));
        number(json, "score", place.score());
        number(json, "loss", place.loss().loss());
        number(json, "sigreg", place.loss().sigreg());
        number(json, "invariance", place.loss().invariance());
        number(json, "lambda", place.run().lambda());
        number(json, "probe_top1", place.run().probeTop1().orElse(Double.NaN));
        return json;
    }

    /// JSON has no word for what is not finite.
    private static void number(ObjectNode json, String key, double value) {
        if (Double.isFinite(value)) {
            json.put(key, value);
        } else {
            json.putNull(key);
        }
    }
}
