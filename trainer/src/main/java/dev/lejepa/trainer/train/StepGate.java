package dev.lejepa.trainer.train;

import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.BrokenFiles;
import dev.lejepa.trainer.ranks.Together;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the processes of a run meet before each step: all have their images, or all stop.
final class StepGate {
    private final Ranks ranks;
    private final BatchesAhead batches;
    private final SharedBroken broken;
    private final StopRequest stop;
    private @Nullable Batch own;

    StepGate(Ranks ranks, BatchesAhead batches, BrokenFiles broken, StopRequest stop) {
        this.ranks = ranks;
        this.batches = batches;
        this.broken = new SharedBroken(ranks, broken);
        this.stop = stop;
    }

    /// The batch of the next step; nothing where a process was asked to stop.
    ///
    /// @throws dev.lejepa.trainer.ranks.SharedFaultException in all of several processes if one cannot have its images,
    ///     or all together found too many of them to be unreadable
    Optional<StepBatch> next() throws IOException, InterruptedException {
        var words = Together.gather(ranks, () -> word().encode()).stream()
                .map(StepWord::decode)
                .toList();
        var mine = own;
        own = null;
        if (words.stream().anyMatch(StepWord::stop) || mine == null) {
            if (mine != null) {
                mine.close();
            }
            return Optional.empty();
        }
        broken.learn(words.stream().flatMap(word -> word.broken().stream()).toList());
        var images = words.stream().flatMap(word -> word.images().stream()).toList();
        var wait = words.stream().mapToDouble(StepWord::waitMillis).max().orElse(0);
        return Optional.of(new StepBatch(mine, images, wait, System.nanoTime()));
    }

    private StepWord word() throws InterruptedException {
        if (stop.getAsBoolean() || !batches.await(stop)) {
            return StepWord.stopping();
        }
        var batch = batches.next();
        own = batch;
        List<Integer> images = Arrays.stream(batch.imagesRead()).boxed().toList();
        return new StepWord(false, batch.waitMillis(), images, broken.untold());
    }
}
