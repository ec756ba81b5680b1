package dev.lejepa.trainer.parquet;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.shards.Shard;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Reads blocks of encoded images, page by page. For use from many threads.
final class BlockReader {
    /// Memory that pages may take while images are copied out of them, over all threads. A page that is larger has all
    /// of it to itself.
    private static final int ROOM_MEBIBYTES = 256;

    private static final int MIB_BITS = 20;

    private final TableIndex index;
    private final BlockPlan plan;
    private final ColumnChoice choice;
    /// The footers of tables that were read from.
    private final Map<Integer, TableFacts> facts = new ConcurrentHashMap<>();

    private final Semaphore room = new Semaphore(ROOM_MEBIBYTES, true);

    BlockReader(TableIndex index, BlockPlan plan, ColumnChoice choice) {
        this.index = index;
        this.plan = plan;
        this.choice = choice;
    }

    /// The images of a block, one after another.
    ///
    /// @param arena has their memory
    /// @throws BadInputException if the file is no longer the one that was listed
    MemorySegment read(int block, Arena arena) throws IOException {
        int end = plan.end(block);
        MemorySegment bytes = arena.allocate(index.bytes(plan.first(block), end));
        int table = index.table(plan.first(block));
        Shard shard = index.shards().shards().get(table);
        shard.requireUnchanged();
        TableFacts known = facts.computeIfAbsent(table, _ -> new TableScan(shard.file(), choice).facts());
        try (FileChannel channel = FileChannel.open(shard.file(), StandardOpenOption.READ)) {
            ImageColumn column =
                    new ImageColumn(channel, known.columns().image().maxDefinitionLevel());
            long at = 0;
            for (int image = plan.first(block); image < end; ) {
                int last = Math.min(end, index.endOfPage(image));
                at = copy(known, column, image, last, bytes, at);
                image = last;
            }
        } catch (NoSuchFileException e) {
            shard.requireUnchanged();
            throw e;
        }
        return bytes;
    }

    /// Copies images of a page, and tells where the next one goes.
    private long copy(TableFacts known, ImageColumn column, int first, int end, MemorySegment to, long at)
            throws IOException {
        if (index.bytes(first, end) == 0) {
            return at; // of a page of nulls, or one that cannot be read, nothing is wanted
        }
        RowGroup group = known.groupAt(index.page(first)).orElseThrow(() -> changed(known));
        ImageColumn.Place place = column.at(index.page(first), group.end());
        int mebibytes = mebibytes(place.header());
        if (place.header().isDictionaryEncoded()) {
            mebibytes += mebibytes(column.at(group.begin(), group.end()).header());
        }
        mebibytes = Math.min(ROOM_MEBIBYTES, mebibytes);
        room.acquireUninterruptibly(mebibytes);
        try (Arena arena = Arena.ofConfined()) {
            ImagePage page = column.page(group, place, arena);
            int begin = index.beginOfPage(first);
            long next = at;
            for (int image = first; image < end; image++) {
                int length = index.length(image);
                if (length > 0) {
                    if (image - begin >= page.rows() || page.lengths()[image - begin] != length) {
                        throw changed(known);
                    }
                    MemorySegment.copy(page.image(image - begin), 0, to, next, length);
                    next += length;
                }
            }
            return next;
        } finally {
            room.release(mebibytes);
        }
    }

    /// The page as it is stored and as it is unpacked.
    private static int mebibytes(PageHeader header) {
        long bytes = (long) header.stored() + header.unpacked();
        return (int) (bytes >> MIB_BITS) + 1;
    }

    private static BadInputException changed(TableFacts known) {
        return new BadInputException(Text.format(
                "%s: changed while its images were read: start again when it is complete",
                PathText.shown(known.file())));
    }
}
