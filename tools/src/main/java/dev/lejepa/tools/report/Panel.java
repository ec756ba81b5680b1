package dev.lejepa.tools.report;

import java.util.List;
import java.util.stream.Stream;

/// The charts of a page, in their order: which curves stand together, and what a reader should know of them.
enum Panel {
    LOSS(
            Group.TRAINING,
            "Loss",
            "Of each step, before its update; the probe's is not in it.",
            Format.NUMBER,
            new Curve(Source.STEPS, "loss", "loss", "Loss"),
            new Curve(Source.STEPS, "invariance", "invariance", "Invariance")),
    SIGREG(
            Group.TRAINING,
            "SIGReg",
            "How far projections are from a standard normal law; normal ones reach the ideal, not zero.",
            Format.NUMBER,
            new Curve(Source.STEPS, "sigreg", "SIGReg", "SIGReg")),
    TOP1(
            Group.TRAINING,
            "Held-out top-1",
            "Accuracy of the online linear probe on held-out images.",
            Format.PERCENT,
            new Curve(Source.EPOCHS, "val_top1", "top-1", "Held-out top-1")),
    PROBE_LOSS(
            Group.TRAINING,
            "Probe's cross-entropy",
            "Of the online probe; the encoder gets no gradient from it.",
            Format.NUMBER,
            new Curve(Source.STEPS, "probe_loss", "training", "Probe's cross-entropy, training"),
            new Curve(Source.EPOCHS, "val_probe_loss", "held out", "Probe's cross-entropy, held out")),
    LR(
            Group.TRAINING,
            "Learning rate",
            "Of the model's parameters.",
            Format.NUMBER,
            new Curve(Source.STEPS, "lr", "lr", "Learning rate")),
    RANK(
            Group.EMBEDDING,
            "RankMe",
            "Directions that the rows use, as an effective rank.",
            Format.NUMBER,
            new Curve(Source.EMBEDDING, "rankme", "embedding", "RankMe of the embedding"),
            new Curve(Source.PROJECTION, "rankme", "projection", "RankMe of the projection")),
    SPREAD(
            Group.EMBEDDING,
            "Spread",
            "Median over the columns of the standard deviation; 1 is what SIGReg asks of projections.",
            Format.NUMBER,
            new Curve(Source.EMBEDDING, "deviation", "embedding", "Spread of the embedding"),
            new Curve(Source.PROJECTION, "deviation", "projection", "Spread of the projection")),
    ALIGNMENT(
            Group.EMBEDDING,
            "Alignment",
            "Mean squared distance of two views of an image on the unit sphere; lower is closer.",
            Format.NUMBER,
            new Curve(Source.EMBEDDING, "alignment", "embedding", "Alignment of the embedding"),
            new Curve(Source.PROJECTION, "alignment", "projection", "Alignment of the projection")),
    UNIFORMITY(
            Group.EMBEDDING,
            "Uniformity",
            "How evenly rows cover the unit sphere; lower is more even.",
            Format.NUMBER,
            new Curve(Source.EMBEDDING, "uniformity", "embedding", "Uniformity of the embedding"),
            new Curve(Source.PROJECTION, "uniformity", "projection", "Uniformity of the projection")),
    ANISOTROPY(
            Group.EMBEDDING,
            "Anisotropy",
            "Mean cosine of two images' rows: 0 where they point in all directions, 1 in one.",
            Format.NUMBER,
            new Curve(Source.EMBEDDING, "anisotropy", "embedding", "Anisotropy of the embedding"),
            new Curve(Source.PROJECTION, "anisotropy", "projection", "Anisotropy of the projection")),
    DEAD(
            Group.EMBEDDING,
            "Dead dimensions",
            "Columns that are the same for all images.",
            Format.NUMBER,
            new Curve(Source.EMBEDDING, "dead", "embedding", "Dead dimensions of the embedding"),
            new Curve(Source.PROJECTION, "dead", "projection", "Dead dimensions of the projection")),
    LIDAR(
            Group.EMBEDDING,
            "LiDAR",
            "Effective rank of what tells images apart, beside what tells views of one apart.",
            Format.NUMBER,
            new Curve(Source.EMBEDDING, "lidar", "embedding", "LiDAR of the embedding"),
            new Curve(Source.PROJECTION, "lidar", "projection", "LiDAR of the projection")),
    THROUGHPUT(
            Group.SPEED,
            "Images a second",
            "Images, not views, of each step.",
            Format.NUMBER,
            new Curve(Source.STEPS, "images_per_s", "images/s", "Images a second")),
    WAIT(
            Group.SPEED,
            "Wait for data",
            "Milliseconds that a step waited for its batch.",
            Format.NUMBER,
            new Curve(Source.STEPS, "data_wait_ms", "ms", "Wait for data, ms"));

    /// Charts under one heading.
    enum Group {
        TRAINING("Training"),
        EMBEDDING("Health of the embedding"),
        SPEED("Speed");

        private final String heading;

        Group(String heading) {
            this.heading = heading;
        }

        String heading() {
            return heading;
        }

        List<Panel> panels() {
            return Stream.of(Panel.values()).filter(p -> p.group == this).toList();
        }
    }

    /// How a chart writes its numbers.
    enum Format {
        NUMBER,
        /// Shares of 1.
        PERCENT
    }

    private final Group group;
    private final String title;
    private final String help;
    private final Format format;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
    private final List<Curve> curves;

    Panel(Group group, String title, String help, Format format, Curve... curves) {
        this.group = group;
        this.title = title;
        this.help = help;
        this.format = format;
        this.curves = List.of(curves);
    }

    String title() {
        return title;
    }

    /// One sentence for those who do not know the number.
    String help() {
        return help;
    }

    Format format() {
        return format;
    }

    List<Curve> curves() {
        return curves;
    }
}
