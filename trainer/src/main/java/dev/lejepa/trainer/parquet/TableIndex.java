package dev.lejepa.trainer.parquet;

import dev.lejepa.trainer.shards.IndexBuilder;
import dev.lejepa.trainer.shards.Shard;
import dev.lejepa.trainer.shards.ShardIndex;
import java.util.Arrays;
import java.util.List;

/// What is known of all images of some tables before one of them is read. Images are the rows, table after table; the
/// place of an image is the byte at which the page begins that it lies in.
///
/// @param firsts the first image of each table, and the number of all images at the end
record TableIndex(ShardIndex shards, int[] firsts) {
    static TableIndex of(ShardIndex shards) {
        int[] firsts = new int[shards.shards().size() + 1];
        int table = 0;
        for (int image = 0; image < shards.size(); image++) {
            for (; table < shards.shard(image); table++) {
                firsts[table + 1] = image;
            }
        }
        Arrays.fill(firsts, table + 1, firsts.length, shards.size());
        return new TableIndex(shards, firsts);
    }

    /// Joins what was found in tables.
    ///
    /// @throws BadInputException if their labels do not meet
    static ShardIndex join(String kind, List<Shard> files, List<TableRows> tables) {
        ClassNames classes = ClassNames.of(
                files.stream().map(Shard::file).toList(),
                tables.stream().map(TableRows::labels).toList(),
                tables.stream().map(TableRows::count).toList());
        IndexBuilder index = new IndexBuilder(kind, files);
        for (int table = 0; table < tables.size(); table++) {
            TableRows rows = tables.get(table);
            for (int row = 0; row < rows.count(); row++) {
                index.add(new IndexBuilder.Entry(
                        table,
                        rows.pages()[row],
                        rows.lengths()[row],
                        classes.labels().get(table)[row],
                        rows.seen()[row],
                        rows.name(row)));
            }
        }
        return index.finish(classes.names(), List.of());
    }

    int size() {
        return shards.size();
    }

    int table(int image) {
        return shards.shard(image);
    }

    long page(int image) {
        return shards.place(image);
    }

    int length(int image) {
        return shards.length(image);
    }

    /// The first image of the page that an image lies in.
    int beginOfPage(int image) {
        int begin = image;
        while (begin > firsts[table(image)] && page(begin - 1) == page(image)) {
            begin--;
        }
        return begin;
    }

    /// The first image behind the page that an image lies in.
    int endOfPage(int image) {
        int last = firsts[table(image) + 1];
        int end = image + 1;
        while (end < last && page(end) == page(image)) {
            end++;
        }
        return end;
    }

    /// Bytes of images that follow each other.
    long bytes(int begin, int end) {
        long bytes = 0;
        for (int image = begin; image < end; image++) {
            bytes += length(image);
        }
        return bytes;
    }
}
