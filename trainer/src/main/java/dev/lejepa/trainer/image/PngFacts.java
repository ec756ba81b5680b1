package dev.lejepa.trainer.image;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.Optional;

/// What the chunks before a PNG file's pixels say, as far as they have been seen.
final class PngFacts {
    private static final int GRAY = 0;
    private static final int COLOR = 2;
    private static final int PALETTE = 3;
    private static final int GRAY_ALPHA = 4;
    private static final int COLOR_ALPHA = 6;

    private final String name;
    private final PngTexts tags = new PngTexts();
    private int width;
    private int height;
    private int depth;
    private int color = -1;
    private boolean interlaced;
    private ColorTable palette = ColorTable.black();
    private int animations;
    private int frames;
    private Optional<Box> frame = Optional.empty();

    PngFacts(String name) {
        this.name = name;
    }

    PngTexts tags() {
        return tags;
    }

    void note(String type, Bytes body) throws BrokenImageException {
        try {
            switch (type) {
                case "IHDR" -> noteHeader(body);
                case "PLTE" -> notePalette(body);
                case "acTL" -> noteAnimation(body);
                case "fcTL" -> noteFrame(body);
                default -> tags.note(type, body);
            }
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "damaged: PNG chunk " + type + " of " + body.length() + " bytes", e);
        }
    }

    /// Whether more frames follow the one whose pixels begin with this chunk.
    boolean isAnimated(PngChunk pixels) {
        int besides = pixels.type().equals("IDAT") && frame.isEmpty() ? 1 : 0;
        return frames > 0 && frames + besides > 1;
    }

    PngHeader header(Orientation orientation, int data) throws BrokenImageException {
        if (color < 0) {
            throw new BrokenImageException(name, "PNG without an IHDR chunk before its pixels");
        }
        // an interlaced frame is put into the corner, as PIL does
        Box whole = new Box(0, 0, height, width);
        Box part = frame.map(f -> interlaced ? new Box(0, 0, f.height(), f.width()) : f)
                .orElse(whole);
        return new PngHeader(width, height, layout(), interlaced, part, orientation, data);
    }

    private void noteHeader(Bytes body) throws BrokenImageException, TruncatedException {
        width = body.i32(0);
        height = body.i32(4);
        depth = body.u8(8);
        color = body.u8(9);
        interlaced = body.u8(12) != 0;
        if (width < 1 || height < 1) {
            throw new BrokenImageException(
                    name,
                    Text.format(
                            "PNG of %s x %s pixels",
                            Integer.toUnsignedString(width), Integer.toUnsignedString(height)));
        }
        if (body.u8(11) != 0) {
            throw new BrokenImageException(name, "PNG with row filters of kind " + body.u8(11) + ", expected 0");
        }
    }

    private void notePalette(Bytes body) throws BrokenImageException {
        if (color == PALETTE) {
            if (body.length() / 3 > 256) {
                throw new BrokenImageException(name, "PNG with a palette of " + body.length() / 3 + " colors");
            }
            palette = ColorTable.rgb(body.toArray());
        }
    }

    /// A second count of frames makes both void.
    private void noteAnimation(Bytes body) throws TruncatedException {
        animations++;
        frames = animations == 1 ? body.i32(0) : 0;
    }

    private void noteFrame(Bytes body) throws BrokenImageException, TruncatedException {
        int columns = body.i32(4);
        int rows = body.i32(8);
        int left = body.i32(12);
        int top = body.i32(16);
        boolean within = left >= 0 && top >= 0 && columns <= width - left && rows <= height - top;
        if (!within || columns < 1 || rows < 1) {
            throw new BrokenImageException(name, "damaged: a PNG frame that reaches beyond the picture");
        }
        frame = Optional.of(new Box(top, left, rows, columns));
    }

    private PixelLayout layout() throws BrokenImageException {
        if (color == PALETTE && isPacked(depth)) {
            return new PixelLayout.Indexed(depth, palette);
        }
        if (color == GRAY && isPacked(depth)) {
            return new PixelLayout.Indexed(depth, ColorTable.gray(depth));
        }
        int sample = depth / 8;
        if (depth == 8 || depth == 16) {
            switch (color) {
                case GRAY -> {
                    return new PixelLayout.Direct(sample, 0, 0, 0);
                }
                case GRAY_ALPHA -> {
                    return new PixelLayout.Direct(2 * sample, 0, 0, 0);
                }
                case COLOR -> {
                    return new PixelLayout.Direct(3 * sample, 0, sample, 2 * sample);
                }
                case COLOR_ALPHA -> {
                    return new PixelLayout.Direct(4 * sample, 0, sample, 2 * sample);
                }
                default -> {
                    // refused below
                }
            }
        }
        throw new BrokenImageException(name, "PNG of color type " + color + " with " + depth + " bits a sample");
    }

    private static boolean isPacked(int depth) {
        return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    }
}
