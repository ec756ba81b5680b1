package dev.lejepa.trainer.image;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.PathText;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/// A picture of what the training sees: one row an image, the image itself first, then its views.
public final class ContactSheet {
    private static final int GAP = 4;
    private static final int PAPER = 0xFFFFFF;

    private final int cell;
    private final List<List<RgbImage>> rows = new ArrayList<>();
    private final Resizer resizer = new Resizer();

    /// @param cell side of a cell in pixels; smaller pictures are enlarged by a whole factor, larger ones reduced to fit
    public ContactSheet(int cell) {
        if (cell < 1) {
            throw new IllegalArgumentException("a cell of " + cell + " pixels");
        }
        this.cell = cell;
    }

    /// Adds a row. The pictures are copied.
    public void add(RgbImage source, List<RgbImage> views) {
        List<RgbImage> row = new ArrayList<>();
        row.add(fit(source));
        views.forEach(view -> row.add(fit(view)));
        rows.add(row);
    }

    /// Writes the sheet as a PNG file, replacing it at once.
    public void write(Path file) throws IOException {
        if (rows.isEmpty()) {
            throw new IllegalStateException("a contact sheet without images");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(draw(), "png", bytes)) {
            throw new IOException(PathText.shown(file) + ": this Java runtime cannot write PNG");
        }
        AtomicFile.writeBytes(file, bytes.toByteArray());
    }

    private BufferedImage draw() {
        int columns = rows.stream().mapToInt(List::size).max().orElseThrow();
        int width = GAP + columns * (cell + GAP);
        int height = GAP + rows.size() * (cell + GAP);
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, PAPER);
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < rows.get(r).size(); c++) {
                RgbImage picture = rows.get(r).get(c);
                int x = GAP + c * (cell + GAP) + (cell - picture.width()) / 2;
                int y = GAP + r * (cell + GAP) + (cell - picture.height()) / 2;
                paste(picture, pixels, y * width + x, width);
            }
        }
        BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        sheet.setRGB(0, 0, width, height, pixels, 0, width);
        return sheet;
    }

    private static void paste(RgbImage picture, int[] pixels, int at, int stride) {
        byte[] row = new byte[3 * picture.width()];
        for (int y = 0; y < picture.height(); y++) {
            picture.getRow(y, 0, picture.width(), row);
            for (int x = 0, i = 0; x < picture.width(); x++, i += 3) {
                pixels[at + y * stride + x] = (row[i] & 0xFF) << 16 | (row[i + 1] & 0xFF) << 8 | row[i + 2] & 0xFF;
            }
        }
    }

    private RgbImage fit(RgbImage picture) {
        int longer = Math.max(picture.width(), picture.height());
        if (longer <= cell) {
            return enlarge(picture, cell / longer);
        }
        PlanarImage reduced = new PlanarImage();
        int height = Math.max(1, picture.height() * cell / longer);
        int width = Math.max(1, picture.width() * cell / longer);
        resizer.resize(picture, Box.of(picture), height, width, reduced);
        RgbImage out = new RgbImage();
        reduced.store(out);
        return out;
    }

    private static RgbImage enlarge(RgbImage picture, int factor) {
        RgbImage out = new RgbImage();
        out.reshape(picture.width() * factor, picture.height() * factor);
        byte[] row = new byte[3 * picture.width()];
        byte[] wide = new byte[3 * out.width()];
        for (int y = 0; y < out.height(); y++) {
            picture.getRow(y / factor, 0, picture.width(), row);
            for (int x = 0; x < out.width(); x++) {
                System.arraycopy(row, 3 * (x / factor), wide, 3 * x, 3);
            }
            out.putRow(y, wide, 0);
        }
        return out;
    }
}
