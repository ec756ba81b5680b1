package dev.lejepa.trainer.report;

import dev.lejepa.graphs.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/// Normalized views drawn as one picture: a row of cells per image, a column per view. Views smaller than a cell are
/// centered in it.
public final class ContactSheet {
    private static final int GAP = 2;
    private static final int BACKGROUND = 0xffffff;

    private final int cell;
    private final float[] mean;
    private final float[] deviation;
    private final BufferedImage sheet;

    /// @param images rows of the sheet
    /// @param views columns of the sheet
    /// @param cell pixels on the side of the largest view
    /// @param mean that was taken off each channel, in units of the range 0 to 1
    /// @param deviation that each channel was divided by
    public ContactSheet(int images, int views, int cell, float[] mean, float[] deviation) {
        this.cell = cell;
        this.mean = mean.clone();
        this.deviation = deviation.clone();
        this.sheet = new BufferedImage(side(views), side(images), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < sheet.getHeight(); y++) {
            for (int x = 0; x < sheet.getWidth(); x++) {
                sheet.setRGB(x, y, BACKGROUND);
            }
        }
    }

    private int side(int cells) {
        return cells * (cell + GAP) + GAP;
    }

    /// Draws one view.
    ///
    /// @param pixels normalized, channels first: `[3, size, size]` from `offset` on
    public void draw(int image, int view, float[] pixels, int offset, int size) {
        int left = GAP + view * (cell + GAP) + (cell - size) / 2;
        int top = GAP + image * (cell + GAP) + (cell - size) / 2;
        int plane = size * size;
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    float value = pixels[offset + c * plane + y * size + x] * deviation[c] + mean[c];
                    rgb = rgb << 8 | Math.clamp(Math.round(value * 255), 0, 255);
                }
                sheet.setRGB(left + x, top + y, rgb);
            }
        }
    }

    /// Writes the sheet as PNG, whole or not at all.
    public void write(Path png) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(sheet, "png", bytes);
            AtomicFile.writeBytes(png, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + png + ": " + e.getMessage(), e);
        }
    }
}
