package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.trainer.image.Box;
import dev.lejepa.trainer.image.PlanarImage;
import dev.lejepa.trainer.image.Resizer;
import dev.lejepa.trainer.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/// A white sheet that pictures and numbers are put on. Its digits are its own, as a machine may have no fonts.
public final class Paper {
    private static final int WHITE = 0xFFFFFF;
    private static final int INK = 0x303030;

    private final int width;
    private final int height;
    private final int[] pixels;

    public Paper(int width, int height) {
        this.width = width;
        this.height = height;
        this.pixels = new int[Math.multiplyExact(width, height)];
        Arrays.fill(pixels, WHITE);
    }

    /// Pictures of equal height side by side.
    public static Paper row(List<RgbImage> pictures, int gap) {
        var wide = pictures.stream().mapToInt(RgbImage::width).sum() + gap * (pictures.size() - 1);
        var paper = new Paper(wide, pictures.getFirst().height());
        var x = 0;
        for (var picture : pictures) {
            paper.put(picture, x, 0);
            x += picture.width() + gap;
        }
        return paper;
    }

    /// The picture in a square of `side` pixels, reduced or enlarged to touch its edges.
    public static RgbImage fitted(RgbImage picture, int side) {
        var longer = Math.max(picture.width(), picture.height());
        var fitted = new PlanarImage();
        new Resizer()
                .resize(
                        picture,
                        Box.of(picture),
                        Math.max(1, (int) ((long) picture.height() * side / longer)),
                        Math.max(1, (int) ((long) picture.width() * side / longer)),
                        fitted);
        var out = new RgbImage();
        fitted.store(out);
        return out;
    }

    /// Puts a picture with its upper left corner at a place.
    public void put(RgbImage picture, int x, int y) {
        var row = new byte[3 * picture.width()];
        for (var v = 0; v < picture.height(); v++) {
            picture.getRow(v, 0, picture.width(), row);
            for (var u = 0; u < picture.width(); u++) {
                var i = 3 * u;
                dot(x + u, y + v, (row[i] & 0xFF) << 16 | (row[i + 1] & 0xFF) << 8 | row[i + 2] & 0xFF);
            }
        }
    }

    /// Fills a rectangle; what lies beyond the sheet is cut.
    public void fill(int x, int y, int wide, int high, int color) {
        for (var v = y; v < y + high; v++) {
            for (var u = x; u < x + wide; u++) {
                dot(u, v, color);
            }
        }
    }

    /// Writes a number around `center`, from `top` down.
    ///
    /// @param text of digits, point and minus
    public void number(String text, int center, int top, int scale) {
        var x = center - Digits.width(text) * scale / 2;
        Digits.draw(text, (u, v) -> fill(x + u * scale, top + v * scale, scale, scale, INK));
    }

    /// Writes a line of text from its upper left corner on.
    ///
    /// @param scale pixels of a letter's dot
    public void text(String line, int left, int top, int scale) {
        Letters.draw(line, (u, v) -> fill(left + u * scale, top + v * scale, scale, scale, INK));
    }

    /// Letters that fit side by side.
    public static int letters(int wide, int scale) {
        return wide / (Letters.step() * scale);
    }

    /// Pixels that a line of text needs, with the gap to the next.
    public static int lineHeight(int scale) {
        return (Letters.HEIGHT + 2) * scale;
    }

    /// Draws the edges of a rectangle, `thick` pixels inwards.
    public void frame(int x, int y, int wide, int high, int thick, int color) {
        fill(x, y, wide, thick, color);
        fill(x, y + high - thick, wide, thick, color);
        fill(x, y, thick, high, color);
        fill(x + wide - thick, y, thick, high, color);
    }

    private void dot(int x, int y, int color) {
        if (x >= 0 && y >= 0 && x < width && y < height) {
            pixels[y * width + x] = color;
        }
    }

    /// The sheet as Java's own image.
    public BufferedImage image() {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, pixels, 0, width);
        return image;
    }

    /// The sheet as the bytes of a file.
    ///
    /// @param format `png` or `jpg`
    public byte[] encoded(String format) throws IOException {
        var bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(image(), format, bytes)) {
            throw new IOException("this Java runtime cannot write " + format);
        }
        return bytes.toByteArray();
    }

    /// Writes a PNG file, replacing it at once.
    public void write(Path file) throws IOException {
        AtomicFile.writeBytes(file, encoded("png"));
    }
}
