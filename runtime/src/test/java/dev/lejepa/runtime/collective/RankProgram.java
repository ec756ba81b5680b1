package dev.lejepa.runtime.collective;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lejepa.graphs.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// What ranks do in tests: a program that a launcher starts several times.
public final class RankProgram {
    private static final int FLOATS = 100_003;
    /// Small enough that all that is sent has several parts.
    private static final long SMALL_PIECE = 4096 * 5;

    private RankProgram() {}

    /// @param arguments what to do
    public static void main(String[] arguments) {
        var launch = Launch.of(System.getenv());
        var piece = arguments[0].equals("pieces") ? SMALL_PIECE : MpiRanks.MOST_BYTES;
        try (var ranks = MpiRanks.join(launch, System.getenv(), System.err::println, piece)) {
            switch (arguments[0]) {
                case "numbers", "pieces" -> {
                    numbers(ranks);
                    faults(ranks);
                }
                case "dies" -> endOne(ranks, () -> Runtime.getRuntime().halt(9));
                case "aborts" -> endOne(ranks, () -> ranks.abort(7));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    /// All that ranks give each other, as one number each.
    private static void numbers(Ranks ranks) {
        try (var arena = Arena.ofConfined()) {
            say(ranks, "transport " + ranks.transport());
            var words = ranks.gather(
                    Text.format("rank %d", ranks.rank()).repeat(ranks.rank()).getBytes(StandardCharsets.UTF_8));
            say(
                    ranks,
                    "words "
                            + words.stream()
                                    .map(w -> new String(w, StandardCharsets.UTF_8))
                                    .toList());

            var bytes = LongStream.range(0, ranks.size()).map(r -> 30_001 * r).toArray();
            var mine = arena.allocate(bytes[ranks.rank()]).fill((byte) (ranks.rank() + 1));
            var all = arena.allocate(LongStream.of(bytes).sum());
            ranks.gather(mine, all, bytes);
            say(ranks, "gather " + Arrays.hashCode(all.toArray(JAVA_BYTE)));

            for (var root = 0; root < ranks.size(); root++) {
                var memory = arena.allocate(50_000).fill((byte) ranks.rank());
                ranks.broadcast(memory, root);
                say(ranks, "broadcast " + Arrays.hashCode(memory.toArray(JAVA_BYTE)));
            }

            var first = floats(arena, ranks.rank(), FLOATS);
            var second = floats(arena, ranks.rank() + 100, 7);
            var one = ranks.reduce(first);
            var other = ranks.reduce(second);
            one.await();
            other.await();
            ranks.barrier();
            say(
                    ranks,
                    "sums " + Arrays.hashCode(first.toArray(JAVA_FLOAT)) + " "
                            + Arrays.hashCode(second.toArray(JAVA_FLOAT)));
            say(ranks, near(ranks, first) ? "sums are right" : "sums are wrong");
        }
    }

    private static MemorySegment floats(Arena arena, int seed, int count) {
        var memory = arena.allocate(JAVA_FLOAT, count);
        var random = new SplittableRandom(seed);
        for (var i = 0; i < count; i++) {
            memory.setAtIndex(JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
        }
        return memory;
    }

    /// Whether the sums are those of float64 numbers but for rounding.
    private static boolean near(Ranks ranks, MemorySegment sums) {
        try (var arena = Arena.ofConfined()) {
            var exact = new double[FLOATS];
            for (var rank = 0; rank < ranks.size(); rank++) {
                var part = floats(arena, rank, FLOATS);
                for (var i = 0; i < FLOATS; i++) {
                    exact[i] += part.getAtIndex(JAVA_FLOAT, i);
                }
            }
            for (var i = 0; i < FLOATS; i++) {
                if (Math.abs(exact[i] - sums.getAtIndex(JAVA_FLOAT, i)) > 1e-6 * ranks.size()) {
                    return false;
                }
            }
            return true;
        }
    }

    /// Null pointers and ends of stacks, which the JVM knows by a signal that libraries want too.
    private static void faults(Ranks ranks) {
        var words = new String[1000];
        Arrays.fill(words, 1, words.length, "word");
        var caught = 0;
        for (var i = 0; i < 200_000; i++) {
            try {
                caught += words[i % words.length].isEmpty() ? 1 : 0;
            } catch (NullPointerException e) {
                caught++;
            }
        }
        try {
            caught += depth(0) > 0 ? 0 : 1;
        } catch (StackOverflowError e) {
            caught++;
        }
        ranks.barrier();
        say(ranks, "caught " + caught);
    }

    private static int depth(int level) {
        return deeper(level) + 1;
    }

    private static int deeper(int level) {
        return depth(level + 1) + 1;
    }

    /// The last rank ends, and the others wait for it.
    private static void endOne(Ranks ranks, Runnable end) {
        ranks.barrier();
        if (ranks.rank() == ranks.size() - 1) {
            end.run();
        }
        ranks.barrier();
    }

    private static void say(Ranks ranks, String what) {
        System.out.println(Text.format("rank %d of %d: %s", ranks.rank(), ranks.size(), what));
    }
}
