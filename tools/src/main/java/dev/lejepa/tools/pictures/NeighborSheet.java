package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.RgbImage;
import java.util.List;

/// A sheet with a row for each query: its image on the left, the nearest others beside it, each with its similarity
/// below.
public final class NeighborSheet {
    /// Pixels a side of the square that an image is shown in.
    static final int CELL = 128;

    private static final int GAP = 8;
    private static final int AFTER_QUERY = 24;
    private static final int SCALE = 2;
    private static final int LINE = CELL + 3 * GAP + SCALE * Digits.HEIGHT;

    /// Pixels of a sheet, at most: those of a gigabyte of memory.
    private static final long MOST = 1L << 28;

    private NeighborSheet() {}

    /// Refuses a sheet that is far too large.
    ///
    /// @throws BadInputException if it is one
    static void requireRoom(int queries, int neighbors) {
        var width = width(neighbors);
        var height = GAP + (long) queries * LINE;
        if (width * height > MOST) {
            throw new BadInputException(Text.format(
                    "a sheet of %d queries and %d neighbors of each has %d x %d pixels, at most %d are drawn; give a smaller --k or fewer queries",
                    queries, neighbors, width, height, MOST));
        }
    }

    private static long width(int neighbors) {
        return GAP + CELL + AFTER_QUERY + (long) neighbors * (CELL + GAP);
    }

    /// A row of images, each fitted into [a square][#CELL].
    ///
    /// @param neighbors nearest first
    /// @param similarities of these
    public record Row(RgbImage query, List<RgbImage> neighbors, List<Double> similarities) {}

    /// @param rows at least one
    public static Paper of(List<Row> rows) {
        var most = rows.stream().mapToInt(row -> row.neighbors().size()).max().orElseThrow();
        var paper = new Paper(Math.toIntExact(width(most)), GAP + rows.size() * LINE);
        for (var i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            var top = GAP + i * LINE;
            put(paper, row.query(), GAP, top);
            for (var k = 0; k < row.neighbors().size(); k++) {
                var left = GAP + CELL + AFTER_QUERY + k * (CELL + GAP);
                put(paper, row.neighbors().get(k), left, top);
                paper.number(Text.format("%.3f", row.similarities().get(k)), left + CELL / 2, top + CELL + GAP, SCALE);
            }
        }
        return paper;
    }

    /// In the middle of its cell.
    private static void put(Paper paper, RgbImage image, int left, int top) {
        paper.put(image, left + (CELL - image.width()) / 2, top + (CELL - image.height()) / 2);
    }
}
