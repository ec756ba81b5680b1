package dev.lejepa.tools.report;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;

/// A picture as a JPEG file of bounded size, to be embedded in a page.
record Jpeg(int width, int height, byte[] bytes) {
    /// Pixels of the longer side at most.
    private static final int LONGEST = 1400;

    /// Bytes at most: several of them fit into a page of 3 MB.
    private static final int MOST = 400_000;

    private static final float QUALITY = 0.85f;

    /// The picture, reduced until it fits.
    static Jpeg of(BufferedImage picture) throws IOException {
        var longer = Math.max(picture.getWidth(), picture.getHeight());
        for (var side = Math.min(longer, LONGEST); ; side = side * 3 / 4) {
            var jpeg = encoded(reduced(picture, (double) side / longer));
            if (jpeg.bytes.length <= MOST) {
                return jpeg;
            }
        }
    }

    private static BufferedImage reduced(BufferedImage picture, double scale) {
        var width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        var height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        var out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var graphics = out.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(picture, 0, 0, width, height, Color.WHITE, null);
        graphics.dispose();
        return out;
    }

    private static Jpeg encoded(BufferedImage picture) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            var settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(QUALITY);
            writer.write(null, new IIOImage(picture, null, null), settings);
        } finally {
            writer.dispose();
        }
        return new Jpeg(picture.getWidth(), picture.getHeight(), bytes.toByteArray());
    }

    /// It as an element of a page, all of it inside.
    ///
    /// @param words that stand for it
    Markup element(String words) {
        return new Markup()
                .open(
                        "img",
                        "src",
                        "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes),
                        "alt",
                        words,
                        "title",
                        words,
                        "width",
                        Integer.toString(width),
                        "height",
                        Integer.toString(height));
    }
}
