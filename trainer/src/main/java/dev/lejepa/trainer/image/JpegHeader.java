package dev.lejepa.trainer.image;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.codec.PictureSize;
import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.Arrays;

/// The marker segments of a JPEG file up to its first scan.
///
/// @param frame marker of the frame header: 0xC0 baseline, 0xC1 extended, 0xC2 progressive, 0xC9 and 0xCA the same with
///     arithmetic coding
/// @param scan offset of the first start-of-scan marker
record JpegHeader(int width, int height, int precision, int frame, JpegColor color, Orientation orientation, int scan) {
    private static final int FIRST_MARKER = 0xC0;
    private static final int SCAN = 0xDA;
    private static final int END = 0xD9;
    private static final int JFIF_SEGMENT = 0xE0;
    private static final int EXIF_SEGMENT = 0xE1;
    private static final int ADOBE_SEGMENT = 0xEE;
    private static final int[] XMP_NAME =
            "http://ns.adobe.com/xap/1.0/\0".chars().toArray();

    static JpegHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        Facts facts = new Facts();
        for (int at = 2; ; ) {
            at = nextMarker(bytes, at);
            int marker = bytes.u8(at + 1);
            if (isAlone(marker)) {
                at += 2;
                continue;
            }
            if (marker < FIRST_MARKER) {
                throw new BrokenImageException(name, Text.format("damaged: %02X is no JPEG marker", marker));
            }
            if (marker == END) {
                throw new BrokenImageException(name, "JPEG that ends before its first scan");
            }
            int length = segmentLength(bytes, at);
            if (marker == SCAN) {
                return facts.header(name, at);
            }
            facts.note(marker, bytes.slice(at + 4, length - 2));
            at += 2 + length;
        }
    }

    ImageHeader imageHeader() {
        return ImageHeader.stored(ImageFormat.JPEG, width, height, orientation);
    }

    /// As stored.
    PictureSize size() {
        return new PictureSize(width, height);
    }

    boolean isArithmetic() {
        return frame > 0xC8;
    }

    /// Why a file with this header has no picture, as far as the header tells.
    String damage() {
        boolean known = frame == 0xC0 || frame == 0xC1 || frame == 0xC2 || frame == 0xC9 || frame == 0xCA;
        return known
                ? "damaged: libjpeg makes no picture of it"
                : "lossless or hierarchical JPEG (frame type " + (frame - 0xC0) + ")";
    }

    /// A copy that has what decoding needs, without comments and application segments. What is left out could change
    /// pixels (color profiles, a second opinion on the color space) or upset a decoder.
    byte[] essentials(Bytes bytes) throws TruncatedException {
        byte[] marker = color.marker();
        byte[] out = new byte[bytes.length() + marker.length];
        bytes.copy(0, out, 0, 2);
        System.arraycopy(marker, 0, out, 2, marker.length);
        int o = 2 + marker.length;
        for (int at = nextMarker(bytes, 2); at < scan; at = nextMarker(bytes, at)) {
            int kind = bytes.u8(at + 1);
            int length = isAlone(kind) ? 2 : 2 + segmentLength(bytes, at);
            if (!isAlone(kind) && (kind & 0xF0) != 0xE0 && kind != 0xFE) {
                bytes.copy(at, out, o, length);
                o += length;
            }
            at += length;
        }
        int rest = bytes.length() - scan;
        bytes.copy(scan, out, o, rest);
        return Arrays.copyOf(out, o + rest);
    }

    /// Offset of the next marker's last fill byte; libjpeg skips garbage between segments, and so does this.
    private static int nextMarker(Bytes bytes, int from) throws TruncatedException {
        int at = from;
        while (bytes.u8(at) != 0xFF || bytes.u8(at + 1) == 0xFF || bytes.u8(at + 1) == 0) {
            at++;
        }
        return at;
    }

    /// Bytes of a segment behind its marker. A length counts itself; to libjpeg one that claims not to is an empty
    /// segment.
    private static int segmentLength(Bytes bytes, int at) throws TruncatedException {
        return Math.max(2, bytes.u16(at + 2));
    }

    private static boolean isAlone(int marker) {
        return marker >= 0xD0 && marker <= 0xD8;
    }

    /// What the segments say, as far as they have been seen.
    private static final class Facts {
        private int width;
        private int height;
        private int precision;
        private int frame;
        private int components;
        private boolean named;
        private boolean jfif;
        private int adobeTransform = JpegColor.NO_ADOBE;
        private final OrientationTags tags = new OrientationTags();

        void note(int marker, Bytes body) throws TruncatedException {
            if (marker == JFIF_SEGMENT) {
                jfif |= body.startsWith(0, 'J', 'F', 'I', 'F', 0);
            } else if (marker == ADOBE_SEGMENT && body.startsWith(0, 'A', 'd', 'o', 'b', 'e') && body.length() >= 12) {
                adobeTransform = body.u8(11);
            } else if (marker == EXIF_SEGMENT && body.startsWith(0, 'E', 'x', 'i', 'f', 0, 0)) {
                tags.exifSegment(body);
            } else if (marker == EXIF_SEGMENT && body.startsWith(0, XMP_NAME)) {
                tags.xmp(body.slice(XMP_NAME.length, body.length() - XMP_NAME.length));
            } else if (isFrame(marker)) {
                frame = marker;
                precision = body.u8(0);
                height = body.u16(1);
                width = body.u16(3);
                components = body.u8(5);
                named = body.startsWith(6, 'R') && body.startsWith(9, 'G') && body.startsWith(12, 'B');
            }
        }

        JpegHeader header(String name, int scan) throws BrokenImageException {
            if (frame == 0) {
                throw new BrokenImageException(name, "JPEG without a frame header before its first scan");
            }
            JpegColor color = JpegColor.of(components, named, jfif, adobeTransform);
            return new JpegHeader(width, height, precision, frame, color, tags.orientation(), scan);
        }

        /// Start of frame 0 to 15, less the numbers taken by Huffman tables, extensions and arithmetic conditioning.
        private static boolean isFrame(int marker) {
            return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        }
    }
}
