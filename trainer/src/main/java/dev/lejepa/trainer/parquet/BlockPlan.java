package dev.lejepa.trainer.parquet;

import dev.lejepa.trainer.data.Blocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which images are read together: whole pages as long as they are small, parts of a page that is large.
///
/// @param firsts the first image of each block, and the number of all images at the end
record BlockPlan(int[] firsts) {
    /// Encoded bytes that a block has, about: a page of a hundred megabytes is unpacked once for each block in it.
    private static final long BLOCK_BYTES = 16 << 20;

    /// Blocks among which images are shuffled.
    private static final int WINDOW = 12;

    /// Bytes of blocks that are worth keeping: those of a window, and of the next one as it begins.
    static final long KEPT_BYTES = BLOCK_BYTES * WINDOW * 3 / 2;

    /// Plans the reading of tables.
    static BlockPlan of(TableIndex index) {
        return of(index, BLOCK_BYTES);
    }

    static BlockPlan of(TableIndex index, long blockBytes) {
        List<Integer> firsts = new ArrayList<>(List.of(0));
        int begin = 0;
        long filled = 0;
        for (int page = 0, end; page < index.size(); page = end) {
            end = index.endOfPage(page);
            long bytes = index.bytes(page, end);
            boolean follows = page > begin && index.table(page) == index.table(begin);
            if (page > begin && (!follows || filled + bytes > blockBytes)) {
                firsts.add(page);
                begin = page;
                filled = 0;
            }
            filled += bytes;
            if (filled > blockBytes) {
                cut(index, page, end, blockBytes, firsts);
                begin = firsts.getLast();
                filled = index.bytes(begin, end);
            }
        }
        firsts.add(index.size());
        return new BlockPlan(
                firsts.stream().mapToInt(Integer::intValue).distinct().toArray());
    }

    /// Cuts a large page into parts of about equal bytes.
    private static void cut(TableIndex index, int begin, int end, long blockBytes, List<Integer> firsts) {
        long bytes = index.bytes(begin, end);
        long part = bytes / Math.ceilDiv(bytes, blockBytes) + 1;
        long filled = 0;
        for (int image = begin; image < end; image++) {
            int length = index.length(image);
            if (filled > 0 && filled + length > part) {
                firsts.add(image);
                filled = 0;
            }
            filled += length;
        }
    }

    /// The block that an image lies in.
    int block(int image) {
        int found = Arrays.binarySearch(firsts, image);
        return found >= 0 ? found : -found - 2;
    }

    int first(int block) {
        return firsts[block];
    }

    int end(int block) {
        return firsts[block + 1];
    }

    /// The blocks as an epoch's order knows them; nothing where all of them are kept, so that any image is near.
    Optional<Blocks> blocks(TableIndex index) {
        if (index.bytes(0, index.size()) <= KEPT_BYTES) {
            return Optional.empty();
        }
        List<Integer> sizes = new ArrayList<>();
        for (int block = 0; block + 1 < firsts.length; block++) {
            sizes.add(firsts[block + 1] - firsts[block]);
        }
        return Optional.of(new Blocks(sizes, WINDOW));
    }
}
