package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The first picture of a WebP file and its place on the canvas.
///
/// @param width of the canvas
/// @param height of the canvas
/// @param animated whether the picture may be smaller than the canvas
/// @param picture its chunks, an alpha chunk in front where there is one
/// @see <a href="https://developers.google.com/speed/webp/docs/riff_container">the container</a>
record WebpContainer(int width, int height, boolean animated, int left, int top, Bytes picture) {
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int FRAME_HEADER = 16;
    private static final int EXTENDED_BYTES = 10;
    private static final int ANIMATION_FLAG = 0x02;

    /// A chunk of the container.
    ///
    /// @param start of its header
    /// @param data its bytes without the header
    private record Chunk(String type, int start, Bytes data) {
        boolean isPicture() {
            return type.equals("VP8 ") || type.equals("VP8L");
        }

        boolean isAlpha() {
            return type.equals("ALPH");
        }

        int end() {
            return start + CHUNK_HEADER + data.length();
        }

        /// Chunks begin at even offsets.
        int next() {
            return end() + (data.length() & 1);
        }
    }

    /// @throws BrokenImageException if the file is cut off, or its chunks do not make up a picture
    static WebpContainer parse(String name, Bytes file) throws BrokenImageException {
        try {
            int length = file.i32little(4);
            // what is behind the container is not part of it
            Bytes riff = file.slice(0, Math.addExact(length, CHUNK_HEADER));
            Chunk first = chunk(riff, RIFF_HEADER);
            if (!first.type().equals("VP8X")) {
                Bytes picture = picture(name, riff, RIFF_HEADER);
                int behind = riff.length() - first.next();
                if (behind > 0 && behind < CHUNK_HEADER) {
                    throw new BrokenImageException(name, "damaged: " + behind + " bytes behind the last WebP chunk");
                }
                return new WebpContainer(0, 0, false, 0, 0, picture);
            }
            return extended(name, riff, first);
        } catch (TruncatedException | ArithmeticException e) {
            throw new BrokenImageException(name, "cut off after " + file.length() + " bytes", e);
        }
    }

    private static WebpContainer extended(String name, Bytes riff, Chunk header)
            throws BrokenImageException, TruncatedException {
        Bytes facts = header.data().slice(0, EXTENDED_BYTES);
        boolean animated = (facts.u8(0) & ANIMATION_FLAG) != 0;
        WebpContainer found = null;
        for (int at = header.next(); at < riff.length(); ) {
            Chunk chunk = chunk(riff, at);
            if (found == null && animated && chunk.type().equals("ANMF")) {
                Bytes frame = chunk.data();
                found = new WebpContainer(
                        u24(facts, 4) + 1,
                        u24(facts, 7) + 1,
                        true,
                        2 * u24(frame, 0),
                        2 * u24(frame, 3),
                        picture(name, frame, FRAME_HEADER));
            } else if (found == null && !animated && (chunk.isPicture() || chunk.isAlpha())) {
                found = new WebpContainer(u24(facts, 4) + 1, u24(facts, 7) + 1, false, 0, 0, picture(name, riff, at));
            }
            at = chunk.next();
        }
        if (found == null) {
            throw new BrokenImageException(name, "WebP without a picture");
        }
        return found;
    }

    /// The chunks of one picture: an alpha chunk or none, then the colors; others may stand between.
    private static Bytes picture(String name, Bytes in, int from) throws BrokenImageException, TruncatedException {
        int start = -1;
        for (int at = from; at < in.length(); ) {
            Chunk chunk = chunk(in, at);
            if (chunk.isPicture()) {
                int first = start < 0 || chunk.type().equals("VP8L") ? at : start;
                return in.slice(first, chunk.end() - first);
            }
            if (chunk.isAlpha()) {
                if (start >= 0) {
                    break;
                }
                start = at;
            }
            at = chunk.next();
        }
        throw new BrokenImageException(name, "WebP without a picture");
    }

    private static Chunk chunk(Bytes in, int at) throws TruncatedException {
        return new Chunk(in.ascii(at, 4), at, in.slice(at + CHUNK_HEADER, in.i32little(at + 4)));
    }

    private static int u24(Bytes bytes, int at) throws TruncatedException {
        return bytes.u16little(at) | bytes.u8(at + 2) << 16;
    }
}
