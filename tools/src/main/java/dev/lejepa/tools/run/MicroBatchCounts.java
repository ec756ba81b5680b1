package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.BackboneRules;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Share;
import java.util.List;
import java.util.stream.IntStream;

/// Into how many micro-batches a process can cut its share of a batch.
///
/// @param images of the largest share
/// @param normalized whether the backbone normalizes by the micro-batch, so that none may be filled up
record MicroBatchCounts(int images, boolean normalized) {
    /// @throws BadInputException if the processes cannot share the batch
    static MicroBatchCounts of(Recipe recipe, int ranks) {
        var batch = recipe.data().batch();
        Share.requireOneEach(batch, ranks);
        var spec = recipe.model().backbone();
        var counts = new MicroBatchCounts(
                new Share(0, ranks, batch).most(), Registry.build(spec).normalizesBatches());
        if (counts.normalized && !BackboneRules.canNormalize(batch, ranks)) {
            throw new BadInputException(Text.format(
                    "data.batch is %d, and %s normalizes by what a process computes (BatchNorm): it must be a multiple of the"
                            + " %d processes, with at least %d images for each",
                    batch, spec.name(), ranks, BackboneRules.LEAST_NORMALIZED));
        }
        return counts;
    }

    /// Powers of two and divisors, in ascending order; 1 is among them.
    List<Integer> all() {
        return IntStream.rangeClosed(1, images)
                .filter(count -> normalized
                        ? BackboneRules.canNormalize(images, count)
                        : images % count == 0 || Integer.bitCount(count) == 1)
                .map(this::needed)
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    /// The count itself, or fewer where so many of the same size hold all images.
    ///
    /// @throws BadInputException if the share cannot be cut so
    int of(int asked) {
        if (normalized && !BackboneRules.canNormalize(images, asked)) {
            throw new BadInputException(Text.format(
                    "train.micro_batches is %d, and the backbone normalizes by the micro-batch (BatchNorm): a process's %d"
                            + " images must be a multiple of it, with at least %d in each",
                    asked, images, BackboneRules.LEAST_NORMALIZED));
        }
        return needed(asked);
    }

    private int needed(int count) {
        return Math.ceilDiv(images, Math.ceilDiv(images, count));
    }
}
