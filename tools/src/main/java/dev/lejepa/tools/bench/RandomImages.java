package dev.lejepa.tools.bench;

import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.HostFeed;
import dev.lejepa.runtime.engine.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Random batches that reach a program as a loader's do: copied into a ring of buffers that are fed in turn.
final class RandomImages implements AutoCloseable {
    /// Different batches, and buffers of the ring.
    private static final int BATCHES = 4;

    private final Program program;
    private final int images;
    private final Arena arena = Arena.ofShared();
    private final List<Feed> feeds = new ArrayList<>();
    private int written = -1;

    /// An input of views: what is drawn once, and where it is copied to.
    private record Feed(HostFeed input, List<MemorySegment> drawn, List<MemorySegment> ring) {
        /// Copies the batch of a step, as a loader writes it.
        MemorySegment written(int step) {
            var at = step % BATCHES;
            return ring.get(at).copyFrom(drawn.get(at));
        }
    }

    /// @param images rows of a batch, `N`
    RandomImages(Program program, int images) {
        this.program = program;
        this.images = images;
        for (var stage : program.manifest().stages()) {
            for (var in : stage.inputs()) {
                if (in instanceof StageInput.Views) {
                    feeds.add(feed(in));
                }
            }
        }
    }

    private Feed feed(StageInput in) {
        var shape = in.shape().stream().mapToLong(Long::longValue).toArray();
        var bytes = LongStream.of(shape).reduce(1, Math::multiplyExact);
        var drawn = new ArrayList<MemorySegment>();
        var ring = new ArrayList<MemorySegment>();
        for (var i = 0; i < BATCHES; i++) {
            drawn.add(levels(Key.of(0, "bench", i).fold(in.name()), bytes));
            ring.add(arena.allocate(bytes, 64));
        }
        return new Feed(new HostFeed(program, in.name()), drawn, ring);
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

    /// Begins to copy the batch of the next step, where the device has memory of its own.
    void ahead(int step) {
        if (!program.engine().onHost()) {
            feeds.forEach(f -> f.input().ahead(f.written(step)));
            written = step;
        }
    }

    /// Copies and feeds the batch of a step.
    ///
    /// @return the numbers of its images
    int[] feed(int step, int classes) {
        for (var f : feeds) {
            f.input().set(written == step ? f.ring().get(step % BATCHES) : f.written(step));
        }
        var first = step * images;
        program.input(TrainGraph.LABELS)
                .setLongs(LongStream.range(first, first + images)
                        .map(i -> i % classes)
                        .toArray());
        return IntStream.range(first, first + images).toArray();
    }

    @Override
    public void close() {
        feeds.forEach(f -> f.input().close());
        arena.close();
    }
}
