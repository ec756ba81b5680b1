package dev.lejepa.tools.bench;

import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.tools.scaling.Link;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/// Measures what carries numbers between processes, by what sums of them take.
final class LinkBench {
    /// Of a bucket of gradients.
    private static final long BYTES = 25_000_000;

    private static final int REPETITIONS = 20;

    private LinkBench() {}

    /// The link of each of several processes: sums of many numbers tell its speed, those of one its latency. All
    /// processes call it together.
    static Link measure(Ranks ranks) {
        try (var arena = Arena.ofShared()) {
            var many = arena.allocate(BYTES, Long.BYTES);
            var one = many.asSlice(0, Float.BYTES);
            var small = seconds(ranks, one);
            var large = seconds(ranks, many);
            // a ring sends all but one process's part, twice, a part at a time
            var messages = 2.0 * (ranks.size() - 1);
            var sent = messages / ranks.size() * BYTES;
            return new Link(sent / Math.max(large - small, Double.MIN_NORMAL), small / messages);
        }
    }

    private static double seconds(Ranks ranks, MemorySegment numbers) {
        return IntStream.range(0, REPETITIONS)
                .mapToDouble(_ -> {
                    ranks.barrier();
                    var began = System.nanoTime();
                    ranks.reduce(numbers).await();
                    return (System.nanoTime() - began) / 1e9;
                })
                .min()
                .orElseThrow();
    }
}
