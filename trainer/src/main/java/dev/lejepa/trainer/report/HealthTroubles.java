package dev.lejepa.trainer.report;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.eval.Health;
import dev.lejepa.trainer.train.TrainEvent;
import java.util.EnumMap;
import java.util.Map;

/// What is wrong with an embedding or with projections, in words, and what to try.
final class HealthTroubles {
    private HealthTroubles() {}

    /// At most one sentence for each topic.
    static Map<TrainEvent.Topic, String> of(TrainEvent.Measured measured, TroubleWatch.Limits limits) {
        Map<TrainEvent.Topic, String> troubles = new EnumMap<>(TrainEvent.Topic.class);
        Health health = measured.health();
        if (!health.finite()) {
            troubles.put(
                    TrainEvent.Topic.COLLAPSE,
                    Text.format(
                            "the %ss hold numbers that are not finite; go back to the last checkpoint and lower lr",
                            measured.of()));
            return troubles;
        }
        collapse(troubles, measured.of(), health, limits);
        if (troubles.isEmpty()) {
            dead(troubles, measured.of(), health, limits);
        }
        size(troubles, measured.of(), health, limits);
        return troubles;
    }

    private static void collapse(
            Map<TrainEvent.Topic, String> troubles, String of, Health health, TroubleWatch.Limits limits) {
        double deviation = health.spread().medianDeviation();
        double size = health.spread().size();
        int largest = Math.min(health.rows() - 1, health.columns());
        if (deviation <= limits.relativeDeviation() * size) {
            troubles.put(
                    TrainEvent.Topic.COLLAPSE,
                    Text.format(
                            "the %ss have collapsed: all images get nearly the same one (standard deviation %.2g at values of size"
                                    + " %.2g); a larger lambda or a smaller lr may help",
                            of, deviation, size));
        } else if (health.centeredRank() < limits.rankFraction() * largest) {
            troubles.put(
                    TrainEvent.Topic.COLLAPSE,
                    Text.format(
                            "the %ss use few of their directions: effective rank %.1f of at most %d; a larger lambda or a smaller"
                                    + " lr may help",
                            of, health.centeredRank(), largest));
        }
    }

    private static void dead(
            Map<TrainEvent.Topic, String> troubles, String of, Health health, TroubleWatch.Limits limits) {
        int dead = health.spread().dead();
        if (dead > limits.deadFraction() * health.columns()) {
            troubles.put(
                    TrainEvent.Topic.DEAD,
                    Text.format(
                            "%d of %d dimensions of the %ss no longer vary from image to image; a smaller lr or less weight decay"
                                    + " may help",
                            dead, health.columns(), of));
        }
    }

    private static void size(
            Map<TrainEvent.Topic, String> troubles, String of, Health health, TroubleWatch.Limits limits) {
        double size = health.spread().size();
        double usual = of.equals("projection") ? 1 : limits.embeddingSize();
        if (size > limits.sizeFactor() * usual) {
            troubles.put(
                    TrainEvent.Topic.SIZE,
                    Text.format(
                            "the %ss run away: values of size %.3g, where about %.0f is usual; a smaller lr or a longer warm-up may"
                                    + " help",
                            of, size, usual));
        }
    }
}
