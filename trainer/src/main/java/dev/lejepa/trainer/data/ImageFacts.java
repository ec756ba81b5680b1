package dev.lejepa.trainer.data;

import dev.lejepa.trainer.image.ImageFormat;
import dev.lejepa.trainer.image.ImageHeader;
import java.util.Optional;

/// What is known of an image before it is decoded.
///
/// @param format of its file; nothing where its pixels lie bare
/// @param width of the upright picture, in pixels
/// @param height of the upright picture, in pixels
public record ImageFacts(Optional<ImageFormat> format, int width, int height) {
    /// Those that a header tells.
    public static ImageFacts of(ImageHeader header) {
        return new ImageFacts(Optional.of(header.format()), header.width(), header.height());
    }
}
