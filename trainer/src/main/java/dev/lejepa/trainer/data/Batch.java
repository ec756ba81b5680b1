package dev.lejepa.trainer.data;

import dev.lejepa.graphs.Text;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Views of some images in native memory, with labels. Closing it gives the memory back to its loader, which fills it
/// again: nothing of a batch may be used after that.
public final class Batch implements AutoCloseable {
    private final BatchBuffers buffers;
    private final ImageSource source;
    private final long number;
    private final int valid;
    private final long waitNanos;
    private final Runnable release;
    private boolean open = true;

    Batch(BatchBuffers buffers, ImageSource source, long number, int valid, long waitNanos, Runnable release) {
        this.buffers = buffers;
        this.source = source;
        this.number = number;
        this.valid = valid;
        this.waitNanos = waitNanos;
        this.release = release;
    }

    /// Which batch this is: in training the step of the run, counted from 0 over all epochs; in evaluation the place in
    /// the pass, from 0.
    public long number() {
        return number;
    }

    /// `N`: rows of every tensor, whether they hold an image or not.
    public int size() {
        return buffers.rows();
    }

    /// How many rows, from the first on, hold an image. The others, at the end of an evaluation, are zero.
    public int valid() {
        return valid;
    }

    /// Views of a group: bytes `[N * V, 3, size, size]`, row `n * V + v`.
    MemorySegment views(int group) {
        requireOpen();
        return buffers.views.get(group);
    }

    /// Views of the group that has a name.
    public MemorySegment views(String group) {
        return IntStream.range(0, buffers.groups.size())
                .filter(i -> buffers.groups.get(i).name().equals(group))
                .mapToObj(this::views)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the loader makes no views of the name " + group));
    }

    /// Labels `[N]`; 0 in rows without an image, -1 where the data has no classes. Not to be kept.
    public long[] labels() {
        requireOpen();
        return buffers.labels;
    }

    /// Labels `[N * views]`, those of row `n * views + v` being image `n`'s.
    public long[] labels(int views) {
        requireOpen();
        return IntStream.range(0, size() * views)
                .mapToLong(row -> buffers.labels[row / views])
                .toArray();
    }

    /// The number of the image whose place each row is, `[N]`: it decides the row's draws. Where an image comes again
    /// in an epoch, a number above those of all images. Not to be kept.
    public int[] images() {
        requireOpen();
        return buffers.images;
    }

    /// The numbers of the images that were read, one per row that holds an image: others than those whose places the
    /// rows are, where these are broken.
    public int[] imagesRead() {
        requireOpen();
        return Arrays.copyOf(buffers.sources, valid);
    }

    /// Where the images that were read lie, one per row that holds an image.
    public List<Path> files() {
        requireOpen();
        return IntStream.range(0, valid)
                .mapToObj(row -> source.path(buffers.sources[row]))
                .toList();
    }

    /// How long the consumer waited for this batch, in milliseconds.
    public double waitMillis() {
        return waitNanos / 1e6;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            release.run();
        }
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException(Text.format("batch %d was given back to its loader", number));
        }
    }
}
