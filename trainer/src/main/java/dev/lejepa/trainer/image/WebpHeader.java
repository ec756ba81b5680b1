package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// Size and orientation of a WebP file: lossy (`VP8 `), lossless (`VP8L`) or extended (`VP8X`).
final class WebpHeader {
    private static final int FIRST_CHUNK = 12;
    private static final int EXIF_FLAG = 0x08;
    private static final int XMP_FLAG = 0x04;

    private WebpHeader() {}

    static ImageHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        String type = bytes.ascii(FIRST_CHUNK, 4);
        int data = FIRST_CHUNK + 8;
        return switch (type) {
            case "VP8 " ->
                // three bytes of frame tag and three of start code come first
                upright(bytes.u16little(data + 6) & 0x3FFF, bytes.u16little(data + 8) & 0x3FFF);
            case "VP8L" -> {
                int packed = bytes.i32little(data + 1);
                yield upright((packed & 0x3FFF) + 1, (packed >>> 14 & 0x3FFF) + 1);
            }
            case "VP8X" -> {
                int flags = bytes.u8(data);
                boolean tagged = (flags & (EXIF_FLAG | XMP_FLAG)) != 0;
                Orientation orientation = tagged ? orientation(bytes, flags) : Orientation.UPRIGHT;
                yield ImageHeader.stored(
                        ImageFormat.WEBP, u24(bytes, data + 4) + 1, u24(bytes, data + 7) + 1, orientation);
            }
            default -> throw new BrokenImageException(name, "WebP whose first chunk is '" + type + "'");
        };
    }

    private static ImageHeader upright(int width, int height) {
        return new ImageHeader(ImageFormat.WEBP, width, height, Orientation.UPRIGHT);
    }

    /// Looks through all chunks; of each kind the first counts, if it is announced.
    private static Orientation orientation(Bytes bytes, int flags) throws TruncatedException {
        OrientationTags tags = new OrientationTags();
        boolean exif = (flags & EXIF_FLAG) != 0;
        boolean xmp = (flags & XMP_FLAG) != 0;
        int end = 8 + bytes.i32little(4);
        for (int at = FIRST_CHUNK; (exif || xmp) && at + 8 <= end; ) {
            String type = bytes.ascii(at, 4);
            int length = bytes.i32little(at + 4);
            if (length < 0 || length > end - at) {
                throw new TruncatedException();
            }
            if (exif && type.equals("EXIF")) {
                exif = false;
                tags.exif(bytes.slice(at + 8, length));
            } else if (xmp && type.equals("XMP ")) {
                xmp = false;
                tags.xmp(bytes.slice(at + 8, length));
            }
            // chunks begin at even offsets
            at += 8 + length + (length & 1);
        }
        return tags.orientation();
    }

    private static int u24(Bytes bytes, int at) throws TruncatedException {
        return bytes.u16little(at) | bytes.u8(at + 2) << 16;
    }
}
