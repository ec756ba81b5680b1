package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.BrokenImageException;

/// The blocks that a GIF is a row of. The JDK's reader takes a file that is cut off for one of fewer frames, the last of
/// them half empty.
final class GifBlocks {
    private static final int SCREEN = 13;
    private static final int IMAGE = 9;

    private final byte[] bytes;
    private int at = SCREEN;

    private GifBlocks(byte[] bytes) {
        this.bytes = bytes;
    }

    /// @throws BrokenImageException if there is no frame, or the last one ends before its data do
    static void requireWhole(String name, byte[] bytes) throws BrokenImageException {
        var blocks = new GifBlocks(bytes);
        var frames = 0;
        try {
            blocks.colors(bytes[SCREEN - 3]);
            // a file may lack the mark of its end
            while (blocks.at < bytes.length && blocks.bytes[blocks.at] != ';') {
                frames += blocks.pass() ? 1 : 0;
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new BrokenImageException(
                    name, Text.format("cut off: a GIF of %d whole frames and a part", frames), e);
        }
        if (frames == 0) {
            throw new BrokenImageException(name, "GIF without a picture");
        }
    }

    /// Passes over an extension or a frame.
    ///
    /// @return whether it is a frame
    private boolean pass() {
        var image = bytes[at++] == ',';
        if (image) {
            at += IMAGE;
            colors(bytes[at - 1]);
        }
        at++; // what kind of extension, or how wide the numbers are
        for (var length = bytes[at++] & 0xFF; length > 0; length = bytes[at++] & 0xFF) {
            at += length;
        }
        return image;
    }

    private void colors(byte flags) {
        at += (flags & 0x80) == 0 ? 0 : 6 << (flags & 7);
    }
}
