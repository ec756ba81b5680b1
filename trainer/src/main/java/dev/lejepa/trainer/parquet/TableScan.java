package dev.lejepa.trainer.parquet;

import dev.hardwood.HardwoodContext;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.shards.Seen;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Looks at tables: at their footers, or at all of their images.
final class TableScan {
    /// Hardwood tells which of the processor's instructions it uses. Held here, as loggers are forgotten otherwise.
    private static final Logger HARDWOOD = Logger.getLogger("dev.hardwood");

    static {
        HARDWOOD.setLevel(Level.WARNING);
    }

    private final Path file;
    private final ColumnChoice choice;

    TableScan(Path file, ColumnChoice choice) {
        this.file = file;
        this.choice = choice;
    }

    /// What is done with an open table.
    @FunctionalInterface
    private interface Use<T> {
        T of(ParquetFileReader table) throws IOException;
    }

    /// The facts of its footer.
    ///
    /// @throws BadInputException if it is no Parquet file, or has no images that are read
    TableFacts facts() {
        return open(table -> TableFacts.of(file, table, choice));
    }

    /// What all rows hold.
    ///
    /// @throws BadInputException as [#facts] does, and if labels or names cannot be read
    TableRows rows() {
        return open(table -> {
            TableFacts facts = TableFacts.of(file, table, choice);
            SmallColumns small = new SmallColumns(table, facts.rows());
            TableRows rows = TableRows.empty(facts.rows(), names(small, facts), small.labels(facts));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ImageColumn column =
                        new ImageColumn(channel, facts.columns().image().maxDefinitionLevel());
                for (RowGroup group : facts.groups()) {
                    scan(column, group, rows);
                }
            }
            return rows;
        });
    }

    private <T> T open(Use<T> use) {
        try (HardwoodContext context = HardwoodContext.create(1);
                ParquetFileReader table = ParquetFileReader.open(InputFile.of(file), context)) {
            return use.of(table);
        } catch (BadInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the reader throws many kinds at damaged files
            throw new BadInputException(
                    Text.format("%s: cannot be read as a Parquet file: %s", PathText.shown(file), reason(e)), e);
        }
    }

    private String reason(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String named = Text.format("[%s] ", file.getFileName());
        return message.startsWith(named) ? message.substring(named.length()) : message;
    }

    private static @Nullable String[] names(SmallColumns small, TableFacts facts) {
        return facts.columns().path().map(small::texts).orElseGet(() -> new @Nullable String[facts.rows()]);
    }

    /// Rows of pages that cannot be read, and those after a page without a header, have no image.
    private static void scan(ImageColumn column, RowGroup group, TableRows rows) {
        int row = (int) group.firstRow();
        int end = row + group.rows();
        long at = group.begin();
        try {
            for (Optional<ImageColumn.Place> place = column.next(at, group.end());
                    place.isPresent() && row < end;
                    place = column.next(at, group.end())) {
                int count = Math.min(place.get().header().values(), end - row);
                scan(column, group, place.get(), row, count, rows);
                row += count;
                at = place.get().end();
            }
            breakRows(rows, row, end, at, "its column ends before this row");
        } catch (IOException e) {
            breakRows(rows, row, end, at, String.valueOf(e.getMessage()));
        }
    }

    private static void breakRows(TableRows rows, int from, int to, long page, String reason) {
        for (int row = from; row < to; row++) {
            rows.pages()[row] = page;
            rows.seen()[row] = new Seen.Fault(reason);
        }
    }

    private static void scan(
            ImageColumn column, RowGroup group, ImageColumn.Place place, int first, int count, TableRows rows) {
        try (Arena arena = Arena.ofConfined()) {
            ImagePage page = column.page(group, place, arena);
            for (int i = 0; i < count; i++) {
                rows.pages()[first + i] = place.offset();
                look(page, i, first + i, rows);
            }
        } catch (IOException e) {
            breakRows(rows, first, first + count, place.offset(), String.valueOf(e.getMessage()));
        }
    }

    private static void look(ImagePage page, int within, int row, TableRows rows) {
        int length = page.lengths()[within];
        if (length == ImagePage.NULL) {
            String name = rows.names()[row];
            rows.seen()[row] = new Seen.Fault(name == null ? "is null" : "has no bytes, only a name");
            return;
        }
        rows.lengths()[row] = length;
        try {
            rows.seen()[row] = new Seen.Header(ImageHeader.of(Integer.toString(row), page.image(within)));
        } catch (BrokenImageException e) {
            rows.seen()[row] = new Seen.Unreadable();
        }
    }
}
