package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// What a PNG file says outside of its pixels.
///
/// @param layout of the pixels in a row
/// @param interlaced whether the pixels come in Adam7's seven passes
/// @param frame the part of the picture that the first pixel data fill: all of it but in some animations
/// @param data place of the first chunk of pixel data
record PngHeader(
        int width, int height, PixelLayout layout, boolean interlaced, Box frame, Orientation orientation, int data) {
    /// Length of the file's first bytes, which are the same in every PNG.
    private static final int SIGNATURE = 8;

    /// Walks the chunks up to the first pixels, whose checksums must be right, and those behind the pixels as far as
    /// there are any.
    static PngHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        PngFacts facts = new PngFacts(name);
        PngChunk chunk = PngChunk.at(name, bytes, SIGNATURE);
        for (; !chunk.isPixels(); chunk = PngChunk.at(name, bytes, chunk.next())) {
            if (chunk.type().equals("IEND")) {
                throw new BrokenImageException(name, "PNG without pixels");
            }
            chunk.verify(name, bytes);
            facts.note(chunk.type(), chunk.body(bytes));
        }
        Orientation orientation = behindPixels(bytes, chunk, facts.isAnimated(chunk), facts.tags());
        return facts.header(orientation, chunk.at());
    }

    ImageHeader imageHeader() {
        return ImageHeader.stored(ImageFormat.PNG, width, height, orientation);
    }

    /// Metadata may come after the pixels, and damage there is none of the picture's; an animation's next frame ends
    /// the search.
    private static Orientation behindPixels(Bytes bytes, PngChunk pixels, boolean animated, PngTexts tags) {
        try {
            PngChunk chunk = pixels;
            while (!chunk.type().equals("IEND") && !(animated && chunk.type().equals("fcTL"))) {
                if (!chunk.isPixels()) {
                    tags.note(chunk.type(), chunk.body(bytes));
                }
                chunk = PngChunk.at("", bytes, chunk.next());
            }
        } catch (BrokenImageException | TruncatedException e) {
            return tags.orientation();
        }
        return tags.orientation();
    }
}
