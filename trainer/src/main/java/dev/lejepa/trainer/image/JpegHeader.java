package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The marker segments of a JPEG file up to its first scan.
///
/// @param frame marker of the frame header: 0xC0 baseline, 0xC1 extended, 0xC2 progressive, others not decoded
/// @param scan offset of the first start-of-scan marker
record JpegHeader(int width, int height, int precision, int frame, JpegColor color, Orientation orientation, int scan) {
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
            if (marker == END) {
                throw new BrokenImageException(name, "JPEG that ends before its first scan");
            }
            int length = bytes.u16(at + 2);
            if (length < 2) {
                throw new BrokenImageException(name, "damaged: a JPEG segment of " + length + " bytes");
            }
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

    /// Refuses the kinds of JPEG that no common decoder reads.
    void requireDecodable(String name) throws BrokenImageException {
        if (frame != 0xC0 && frame != 0xC1 && frame != 0xC2) {
            String kind = frame > 0xC7 ? "arithmetic-coded" : "lossless or hierarchical";
            throw new BrokenImageException(name, kind + " JPEG (frame type " + (frame - 0xC0) + ")");
        }
        if (precision != 8) {
            throw new BrokenImageException(name, "JPEG of " + precision + " bits a sample, expected 8");
        }
    }

    /// Copies what decoding needs, without comments and application segments, and returns the number of bytes. What is
    /// left out could change pixels (color profiles, a second opinion on the color space) or upset a decoder.
    int copyEssentials(Bytes bytes, byte[] out) throws TruncatedException {
        int o = 0;
        out[o++] = (byte) 0xFF;
        out[o++] = (byte) 0xD8;
        o = color.writeMarker(out, o);
        for (int at = 2; ; ) {
            at = nextMarker(bytes, at);
            int marker = bytes.u8(at + 1);
            if (at >= scan) {
                break;
            }
            int length = isAlone(marker) ? 2 : 2 + bytes.u16(at + 2);
            if (!isAlone(marker) && (marker & 0xF0) != 0xE0 && marker != 0xFE) {
                bytes.copy(at, out, o, length);
                o += length;
            }
            at += length;
        }
        int rest = bytes.length() - scan;
        bytes.copy(scan, out, o, rest);
        return o + rest;
    }

    /// Offset of the next marker's last fill byte; libjpeg skips garbage between segments, and so does this.
    private static int nextMarker(Bytes bytes, int from) throws TruncatedException {
        int at = from;
        while (bytes.u8(at) != 0xFF || bytes.u8(at + 1) == 0xFF || bytes.u8(at + 1) == 0) {
            at++;
        }
        return at;
    }

    private static boolean isAlone(int marker) {
        return marker == 0x01 || marker >= 0xD0 && marker <= 0xD8;
    }

    /// What the segments say, as far as they have been seen.
    private static final class Facts {
        private int width;
        private int height;
        private int precision;
        private int frame;
        private int[] components = {};
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
                components = new int[body.u8(5)];
                for (int c = 0; c < components.length; c++) {
                    components[c] = body.u8(6 + 3 * c);
                }
            }
        }

        JpegHeader header(String name, int scan) throws BrokenImageException {
            if (frame == 0) {
                throw new BrokenImageException(name, "JPEG without a frame header before its first scan");
            }
            JpegColor color = JpegColor.of(name, components, jfif, adobeTransform);
            return new JpegHeader(width, height, precision, frame, color, tags.orientation(), scan);
        }

        /// Start of frame 0 to 15, less the numbers taken by Huffman tables, extensions and arithmetic conditioning.
        private static boolean isFrame(int marker) {
            return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        }
    }
}
