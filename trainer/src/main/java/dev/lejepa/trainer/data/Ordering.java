package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.random.Permutation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// In which orders the images of a source may be visited. The order of a pass is a function of a seed and its number.
public sealed interface Ordering {
    /// The number of images.
    int images();

    /// As many images as there are, by their numbers, in the order of a pass (from 0).
    int[] pass(long seed, long pass);

    /// What decides the orders beside the seed, as a line that differs where they do.
    default String line() {
        return switch (this) {
            case Free(var images) -> "any order of " + images;
            case InBlocks(Blocks(var sizes, var window)) -> "blocks of " + sizes + " by " + window;
            case Mixed(var shares) ->
                shares.stream()
                        .map(share -> share.count() + " of (" + share.ordering().line() + ")")
                        .collect(Collectors.joining(", "));
        };
    }

    /// Any image may follow any other.
    record Free(int images) implements Ordering {
        @Override
        public int[] pass(long seed, long pass) {
            return Permutation.of(Key.of(seed, "order", pass), images);
        }
    }

    /// Blocks are shuffled, and images within windows of blocks that follow each other then.
    record InBlocks(Blocks blocks) implements Ordering {
        @Override
        public int images() {
            return blocks.images();
        }

        @Override
        public int[] pass(long seed, long pass) {
            var first = firsts();
            var shuffled = Permutation.of(Key.of(seed, "blocks", pass), first.length);
            var order = new int[blocks.images()];
            var filled = 0;
            for (var begin = 0; begin < shuffled.length; begin += blocks.window()) {
                var window = IntStream.range(begin, Math.min(begin + blocks.window(), shuffled.length))
                        .map(place -> shuffled[place])
                        .flatMap(block -> IntStream.range(
                                first[block], first[block] + blocks.sizes().get(block)))
                        .toArray();
                for (var place : Permutation.of(Key.of(seed, "window", pass, begin), window.length)) {
                    order[filled++] = window[place];
                }
            }
            return order;
        }

        /// The first image of each block.
        private int[] firsts() {
            var first = new int[blocks.sizes().size()];
            for (var block = 1; block < first.length; block++) {
                first[block] = first[block - 1] + blocks.sizes().get(block - 1);
            }
            return first;
        }
    }

    /// A source of a mixture.
    ///
    /// @param ordering of its images
    /// @param count how many images of a pass it gives
    record Share(Ordering ordering, int count) {}

    /// Several sources, whose images are numbered one source after another. Each gives its share of a pass out of an
    /// order of its own, which goes on from pass to pass and begins anew, shuffled again, when all its images have come.
    /// So an image may come several times in a pass, and another one not in each.
    record Mixed(List<Share> shares) implements Ordering {
        public Mixed {
            shares = List.copyOf(shares);
        }

        @Override
        public int images() {
            return shares.stream().mapToInt(share -> share.ordering().images()).sum();
        }

        @Override
        public int[] pass(long seed, long pass) {
            var count = shares.stream().mapToInt(Share::count).sum();
            var given = new int[count]; // those of the first source, those of the second, ...
            var filled = 0;
            var first = 0;
            var ends = new int[shares.size()];
            for (var source = 0; source < ends.length; source++) {
                var share = shares.get(source);
                deal(share, own(seed, source), pass, first, given, filled);
                first += share.ordering().images();
                filled += share.count();
                ends[source] = filled;
            }
            return shuffled(given, ends, Permutation.of(Key.of(seed, "mixture", pass), count));
        }

        /// What decides the order of a source. A mixture of one has the order of that one.
        private static long own(long seed, int source) {
            return source == 0 ? seed : Key.of(seed, "source", source).stream();
        }

        private static void deal(Share share, long seed, long pass, int first, int[] to, int from) {
            var images = share.ordering().images();
            var at = pass * share.count();
            for (var dealt = 0; dealt < share.count(); ) {
                var order = share.ordering().pass(seed, at / images);
                for (var place = (int) (at % images); place < images && dealt < share.count(); place++) {
                    to[from + dealt++] = first + order[place];
                    at++;
                }
            }
        }

        /// Sources take turns at random, each keeping its own order.
        private static int[] shuffled(int[] given, int[] ends, int[] turns) {
            var next = new int[ends.length];
            for (var source = 1; source < ends.length; source++) {
                next[source] = ends[source - 1];
            }
            var order = new int[given.length];
            for (var place = 0; place < order.length; place++) {
                var found = Arrays.binarySearch(ends, turns[place] + 1);
                var source = found >= 0 ? found : -found - 1;
                order[place] = given[next[source]++];
            }
            return order;
        }
    }
}
