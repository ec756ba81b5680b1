package dev.lejepa.trainer.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageReader;

/// Decodes one format with an ImageIO reader and takes the samples as they are stored: PNG and BMP give PIL's pixels.
final class PluginDecoder {
    private final ImageReader reader;

    PluginDecoder(ImageReader reader) {
        this.reader = reader;
    }

    void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        try {
            reader.setInput(new ByteArrayImageInput(bytes.toArray(), bytes.length()), true, true);
            BufferedImage image = reader.read(0);
            RawSamples.copy(image.getRaster(), image.getColorModel(), out);
        } catch (IOException | RuntimeException e) {
            // readers report damage by IOException, and by runtime exceptions of several kinds
            throw new BrokenImageException(name, ImageReaders.reason(e), e);
        } finally {
            reader.setInput(null);
        }
    }
}
