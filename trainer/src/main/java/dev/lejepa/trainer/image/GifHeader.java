package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The first frame of a GIF file.
///
/// @param width of the canvas, which grows where the frame reaches beyond it
/// @param height of the canvas
/// @param frame its place on the canvas
/// @param colors what its numbers stand for
/// @param background the number that the rest of the canvas has
/// @param pixels place of the compressed numbers
record GifHeader(int width, int height, Box frame, boolean interlaced, ColorTable colors, int background, int pixels) {
    private static final int SCREEN_END = 13;
    private static final int TRANSPARENCY = 0xF9;
    private static final int COMMENT = 0xFE;
    private static final int APPLICATION = 0xFF;
    private static final String LOOPS = "NETSCAPE2.0";

    static GifHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        int screen = bytes.u8(10);
        Reader reader = new Reader(bytes, SCREEN_END);
        ColorTable global = (screen & 0x80) != 0 ? reader.colors(screen) : ColorTable.gray(8);
        int transparent = 0;
        while (true) {
            int mark = reader.u8();
            if (mark == '!') {
                transparent = reader.extension(transparent);
            } else if (mark == ',') {
                return reader.frame(name, global, transparent);
            } else if (mark == ';') {
                throw new BrokenImageException(name, "GIF without a picture");
            }
        }
    }

    ImageHeader imageHeader() {
        return new ImageHeader(ImageFormat.GIF, width, height, Orientation.UPRIGHT);
    }

    /// Walks through the blocks before the first frame.
    private static final class Reader {
        private final Bytes bytes;
        private int at;

        Reader(Bytes bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        int u8() throws TruncatedException {
            return bytes.u8(at++);
        }

        /// A color table, or gray where its colors are nothing but their own numbers.
        ColorTable colors(int flags) throws TruncatedException {
            byte[] entries = bytes.slice(at, 6 << (flags & 7)).toArray();
            at += entries.length;
            for (int i = 0; i < entries.length; i++) {
                if (entries[i] != (byte) (i / 3)) {
                    return ColorTable.rgb(entries);
                }
            }
            return ColorTable.gray(8);
        }

        /// Passes over an extension.
        ///
        /// @param transparent the number that is transparent as far as is known
        /// @return the same, or the one that this extension says
        int extension(int transparent) throws TruncatedException {
            int label = u8();
            Bytes block = block();
            if (label == COMMENT) {
                while (block.length() > 0) {
                    block = block();
                }
                return transparent;
            }
            if (label == APPLICATION && block.startsWith(0, LOOPS.chars().toArray())) {
                block();
            }
            while (block().length() > 0) {
                // belongs to the extension
            }
            boolean says = label == TRANSPARENCY && block.length() > 0 && (block.u8(0) & 1) != 0;
            return says ? block.u8(3) : transparent;
        }

        GifHeader frame(String name, ColorTable global, int transparent)
                throws BrokenImageException, TruncatedException {
            int left = bytes.u16little(at);
            int top = bytes.u16little(at + 2);
            int columns = bytes.u16little(at + 4);
            int rows = bytes.u16little(at + 6);
            int flags = bytes.u8(at + 8);
            at += 9;
            if (columns == 0 || rows == 0) {
                throw new BrokenImageException(name, "GIF with a frame of " + columns + " x " + rows + " pixels");
            }
            ColorTable colors = (flags & 0x80) != 0 ? colors(flags) : global;
            return new GifHeader(
                    Math.max(bytes.u16little(6), left + columns),
                    Math.max(bytes.u16little(8), top + rows),
                    new Box(top, left, rows, columns),
                    (flags & 0x40) != 0,
                    colors,
                    transparent,
                    at);
        }

        private Bytes block() throws TruncatedException {
            int length = u8();
            Bytes block = bytes.slice(at, length);
            at += length;
            return block;
        }
    }
}
