package dev.lejepa.tools.bench;

import dev.lejepa.graphs.programs.Manifest.MicroBatches;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.runtime.engine.HostFeed;
import dev.lejepa.runtime.engine.MicroFeed;
import dev.lejepa.runtime.engine.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Random batches that reach a program as a loader's do: copied into a ring of buffers that are fed in turn, one
/// micro-batch after the other.
final class RandomImages implements MicroFeed, AutoCloseable {
    /// Different batches, and buffers of the ring.
    private static final int BATCHES = 4;

    private final Program program;
    private final Share share;
    private final int microBatches;
    private final Arena arena = Arena.ofShared();
    private final List<Feed> feeds = new ArrayList<>();
    private int written = -1;
    private int step;

    /// An input of views: what is drawn once, and where it is copied to.
    ///
    /// @param bytes of a micro-batch
    private record Feed(HostFeed input, long bytes, List<MemorySegment> drawn, List<MemorySegment> ring) {
        /// Copies the batch of a step, as a loader writes it.
        MemorySegment written(int step) {
            var at = step % BATCHES;
            return ring.get(at).copyFrom(drawn.get(at));
        }

        MemorySegment part(int step, int microBatch) {
            return ring.get(step % BATCHES).asSlice(microBatch * bytes, bytes);
        }
    }

    /// @param share the images of a batch that this process computes
    RandomImages(Program program, Share share) {
        this.program = program;
        this.share = share;
        this.microBatches = program.microBatches().map(MicroBatches::count).orElse(1);
        program.manifest().fed().stream()
                .filter(StageInput.Views.class::isInstance)
                .distinct() // stages that repeat others read the same
                .forEach(in -> feeds.add(feed(in)));
    }

    private Feed feed(StageInput in) {
        var shape = in.shape().stream().mapToLong(Long::longValue).toArray();
        var bytes = LongStream.of(shape).reduce(1, Math::multiplyExact);
        var drawn = new ArrayList<MemorySegment>();
        var ring = new ArrayList<MemorySegment>();
        for (var i = 0; i < BATCHES; i++) {
            drawn.add(levels(Key.of(0, "bench", i).fold(in.name()), microBatches * bytes));
            ring.add(arena.allocate(microBatches * bytes, 64));
        }
        return new Feed(new HostFeed(program, in.name()), bytes, drawn, ring);
    }

    /// Uniform in 0 to 255.
    private MemorySegment levels(Key key, long bytes) {
        var values = arena.allocate(bytes, 64);
        var draws = key.draws();
        for (var i = 0L; i < bytes; i++) {
            values.set(ValueLayout.JAVA_BYTE, i, (byte) draws.word());
        }
        return values;
    }

    /// Writes the batch of the next step and begins to copy its first images, where the device has memory of its own.
    void ahead(int step) {
        if (!program.engine().onHost()) {
            feeds.forEach(f -> {
                f.written(step);
                f.input().ahead(f.part(step, 0));
            });
            written = step;
        }
    }

    /// Writes the batch of a step, if that was not done, and feeds its labels.
    ///
    /// @return the numbers of this process's images
    int[] feed(int step, int classes) {
        this.step = step;
        if (written != step) {
            feeds.forEach(f -> f.written(step));
        }
        var first = step * share.batch();
        program.input(TrainGraph.LABELS)
                .setLongs(LongStream.range(first, first + share.batch())
                        .map(i -> i % classes)
                        .toArray());
        var own = first + share.first();
        return IntStream.range(own, own + share.images()).toArray();
    }

    @Override
    public void feed(int microBatch) {
        feeds.forEach(f -> f.input().set(f.part(step, microBatch)));
    }

    @Override
    public void close() {
        feeds.forEach(f -> f.input().close());
        arena.close();
    }
}
