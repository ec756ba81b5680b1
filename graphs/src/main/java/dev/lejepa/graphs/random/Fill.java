package dev.lejepa.graphs.random;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.normal.NormalQuantile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.LongStream;

/// Writes random tensors. Element `i` is a function of (key, distribution, `i`) alone: one 32-bit word, number `i` of
/// the key's stream. A caller that fills only elements `offset..` passes that offset and gets the bytes which a single
/// fill of the whole tensor would have put there, so large tensors are filled in parts, in parallel or on the way to a
/// file.
///
/// Destinations are segments of fp32 in native byte order, on or off the heap (`MemorySegment.ofArray(floats)`); their
/// whole size is filled.
public final class Fill {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    /// Elements whose words are generated at once: 4 KiB of scratch that stays in the first-level cache.
    private static final int BATCH = 1024;
    /// Elements that one task of a parallel fill writes.
    private static final long CHUNK = 1 << 20;

    /// Fills one part of a tensor.
    @FunctionalInterface
    public interface Part {
        /// @param offset index of the part's first element within the tensor
        /// @param part the memory of the part
        void fill(long offset, MemorySegment part);
    }

    @FunctionalInterface
    private interface Transform {
        float of(int word, long index);
    }

    private Fill() {}

    /// Normal numbers; their 2^32 possible values reach 6.3 standard deviations.
    public static void normal(Key key, long offset, MemorySegment to, double mean, double std) {
        each(key, offset, to, (word, index) -> (float) (mean + std * NormalQuantile.quantile(inside(word))));
    }

    /// Uniform in `[low, high)`.
    public static void uniform(Key key, long offset, MemorySegment to, double low, double high) {
        float below = low < high ? Math.nextDown((float) high) : (float) low;
        each(key, offset, to, (word, index) -> Math.min(below, (float) (low + (high - low) * unit(word))));
    }

    /// 1 with probability `p`, else 0.
    public static void bernoulli(Key key, long offset, MemorySegment to, double p) {
        each(key, offset, to, (word, index) -> unit(word) < p ? 1 : 0);
    }

    /// Normal numbers of the given mean and standard deviation, those outside `[low, high]` drawn again: attempt `a` of
    /// element `i` is word `i` of the stream `key.fold(a)`.
    public static void truncatedNormal(
            Key key, long offset, MemorySegment to, double mean, double std, double low, double high) {
        if (!(low <= mean && mean <= high && high - low >= std)) {
            String asked =
                    Text.format("normal of mean %s and standard deviation %s cut to [%s, %s]", mean, std, low, high);
            throw new IllegalArgumentException(asked + ": must hold the mean and span a standard deviation");
        }
        each(key, offset, to, (word, index) -> {
            double x = mean + std * NormalQuantile.quantile(inside(word));
            for (long attempt = 1; x < low || x > high; attempt++) {
                x = mean + std * NormalQuantile.quantile(inside(wordAt(key.fold(attempt), index)));
            }
            return (float) x;
        });
    }

    /// Fills a large tensor by parts on all cores; the bytes are those of `part.fill(0, to)`.
    public static void parallel(MemorySegment to, Part part) {
        long count = to.byteSize() / Float.BYTES;
        LongStream.range(0, (count + CHUNK - 1) / CHUNK).parallel().forEach(chunk -> {
            long from = chunk * CHUNK;
            long size = Math.min(CHUNK, count - from);
            part.fill(from, to.asSlice(from * Float.BYTES, size * Float.BYTES));
        });
    }

    private static void each(Key key, long offset, MemorySegment to, Transform transform) {
        long count = to.byteSize() / Float.BYTES;
        int[] words = new int[BATCH + Philox.WORDS];
        for (long done = 0; done < count; ) {
            long first = offset + done;
            int skipped = (int) (first % Philox.WORDS);
            int size = (int) Math.min(BATCH, count - done);
            for (int at = 0; at < skipped + size; at += Philox.WORDS) {
                key.block((first + at) / Philox.WORDS, words, at);
            }
            for (int i = 0; i < size; i++) {
                to.set(FLOAT, (done + i) * Float.BYTES, transform.of(words[skipped + i], first + i));
            }
            done += size;
        }
    }

    private static int wordAt(Key key, long index) {
        int[] words = new int[Philox.WORDS];
        key.block(index / Philox.WORDS, words, 0);
        return words[(int) (index % Philox.WORDS)];
    }

    /// In `[0, 1)`.
    private static double unit(int word) {
        return (word & 0xFFFFFFFFL) * 0x1p-32;
    }

    /// In `(0, 1)`: the middle of the word's interval.
    private static double inside(int word) {
        return (word & 0xFFFFFFFFL) * 0x1p-32 + 0x1p-33;
    }
}
