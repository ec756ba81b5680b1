package dev.lejepa.trainer.image;

import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/// Finds readers among what ImageIO has registered.
final class ImageReaders {
    private ImageReaders() {}

    /// The reader that comes with the Java runtime, whatever plugins are on the class path: pixels do not depend on it.
    static ImageReader ofJdk(String format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        while (readers.hasNext()) {
            ImageReader candidate = readers.next();
            if (candidate.getClass().getModule() == ImageIO.class.getModule()) {
                return candidate;
            }
        }
        throw new IllegalStateException("this Java runtime has no reader for " + format + " (module java.desktop)");
    }

    /// What went wrong, in words; end-of-file exceptions often have none.
    static String reason(Exception e) {
        String message = e.getMessage();
        return "damaged: "
                + (message == null
                        ? e.getClass().getSimpleName()
                        : message.lines().findFirst().orElse(""));
    }
}
