package dev.lejepa.trainer.source;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.Ordering;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How many of the images of an epoch come from each source of a mixture.
record Shares(List<ImageSource> parts, List<Integer> counts) {
    /// In proportion to the weights; what rounding leaves goes to the largest fractions.
    ///
    /// @throws BadInputException if a share is less than an image
    static Shares of(List<ImageSource> parts, List<OptionalDouble> weights, int images) {
        var sum = weights.stream().mapToDouble(weight -> weight.orElse(1)).sum();
        var exact = weights.stream()
                .mapToDouble(weight -> images * (weight.orElse(1) / sum))
                .toArray();
        var counts = new int[exact.length];
        for (var part = 0; part < counts.length; part++) {
            counts[part] = (int) exact[part];
        }
        var left = images - IntStream.of(counts).sum();
        IntStream.range(0, counts.length)
                .boxed()
                .sorted(Comparator.comparingDouble(part -> counts[part] - exact[part]))
                .limit(left)
                .forEach(part -> counts[part]++);
        for (var part = 0; part < counts.length; part++) {
            if (counts[part] == 0) {
                throw new BadInputException(Text.format(
                        "%s: its weight gives it none of the %d images of an epoch; give it more, or leave it out",
                        parts.get(part).place(), images));
            }
        }
        return new Shares(parts, IntStream.of(counts).boxed().toList());
    }

    Ordering ordering() {
        return new Ordering.Mixed(IntStream.range(0, parts.size())
                .mapToObj(part -> new Ordering.Share(parts.get(part).ordering(), counts.get(part)))
                .toList());
    }

    /// What a person should know of an epoch.
    String words() {
        return "an epoch draws "
                + IntStream.range(0, parts.size())
                        .mapToObj(part -> Text.format(
                                "%d images of %s, which has %d",
                                counts.get(part),
                                parts.get(part).place(),
                                parts.get(part).size()))
                        .collect(Collectors.joining(", "));
    }
}
