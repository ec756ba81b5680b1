package dev.lejepa.trainer.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.trainer.shards.IndexBuilder;
import dev.lejepa.trainer.shards.Seen;
import dev.lejepa.trainer.shards.Shard;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockPlanTest {
    /// A row of a table, its page and bytes.
    private record Row(int table, int page, int length) {}

    private static TableIndex index(Row... rows) {
        var tables = List.of(new Shard(Path.of("a"), 1, 1), new Shard(Path.of("b"), 1, 1));
        var builder = new IndexBuilder("test", tables);
        for (var row : rows) {
            builder.add(new IndexBuilder.Entry(row.table, row.page, row.length, 0, new Seen.Unreadable(), ""));
        }
        return TableIndex.of(builder.finish(List.of("class"), List.of()));
    }

    private static List<Integer> firsts(int blockBytes, Row... rows) {
        return IntStream.of(BlockPlan.of(index(rows), blockBytes).firsts())
                .boxed()
                .toList();
    }

    @Test
    void smallPagesAreReadTogether() {
        var pages = new Row[] {new Row(0, 1, 4), new Row(0, 1, 4), new Row(0, 2, 2), new Row(0, 3, 9), new Row(0, 4, 2)};
        assertEquals(List.of(0, 3, 4, 5), firsts(10, pages));
    }

    @Test
    void blocksEndWhereTablesDo() {
        assertEquals(List.of(0, 2, 3), firsts(100, new Row(0, 1, 1), new Row(0, 2, 1), new Row(1, 1, 1)));
    }

    @Test
    void largePagesAreCutIntoPartsOfAboutEqualBytes() {
        var rows = new Row[10];
        for (var i = 0; i < 10; i++) {
            rows[i] = new Row(0, i < 1 ? 1 : 2, 4);
        }
        // nine rows of 36 bytes: four parts of at most 10 bytes, two rows each; the last has one
        assertEquals(List.of(0, 1, 3, 5, 7, 9, 10), firsts(10, rows));
    }

    @Test
    void aRowThatIsLargerThanABlockHasOneOfItsOwn() {
        assertEquals(List.of(0, 1, 2, 3), firsts(10, new Row(0, 1, 4), new Row(0, 1, 50), new Row(0, 1, 4)));
    }

    @Test
    void whatIsAllKeptMayBeReadInAnyOrder() {
        var kept = index(new Row(0, 1, 100 << 20), new Row(1, 1, 100 << 20));
        assertEquals(Optional.empty(), BlockPlan.of(kept).blocks(kept));
        var more = index(new Row(0, 1, 200 << 20), new Row(1, 1, 200 << 20));
        assertEquals(List.of(1, 1), BlockPlan.of(more).blocks(more).orElseThrow().sizes());
    }
}
