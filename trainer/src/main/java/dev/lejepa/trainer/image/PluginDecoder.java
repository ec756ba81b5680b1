package dev.lejepa.trainer.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/// Decodes one format with the first ImageIO plugin for it, and takes the samples as they are stored.
final class PluginDecoder {
    private final ImageReader reader;

    PluginDecoder(String format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        if (!readers.hasNext()) {
            throw new IllegalStateException("no ImageIO plugin for " + format + " on the class path");
        }
        reader = readers.next();
    }

    void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        if (bytes.start() != 0) {
            throw new IllegalArgumentException("a file begins at the start of its buffer");
        }
        try {
            reader.setInput(new ByteArrayImageInput(bytes.array(), bytes.end()), true, true);
            BufferedImage image = reader.read(0);
            RawSamples.copy(image.getRaster(), image.getColorModel(), out);
        } catch (IOException | RuntimeException e) {
            // plugins report damage by IOException, and by runtime exceptions of several kinds
            throw new BrokenImageException(name, "damaged: " + e.getMessage(), e);
        } finally {
            reader.setInput(null);
        }
    }
}
