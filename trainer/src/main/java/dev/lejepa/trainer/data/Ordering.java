package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.random.Permutation;
import java.util.stream.IntStream;

/// In which orders the images of a source may be visited. The order of a pass is a function of a seed and its number.
public sealed interface Ordering {
    /// The number of images.
    int images();

    /// All images once, by their numbers, in the order of a pass (from 0).
    int[] pass(long seed, long pass);

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
}
