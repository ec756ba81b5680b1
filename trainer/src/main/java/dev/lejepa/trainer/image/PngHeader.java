package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.zip.CRC32;

/// The chunks of a PNG file that matter here: size, orientation, and whether all of them are whole.
final class PngHeader {
    private static final int SIGNATURE = 8;
    private static final int AROUND = 12;

    private PngHeader() {}

    /// Walks the chunks up to the first pixels.
    static ImageHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        if (!bytes.ascii(SIGNATURE + 4, 4).equals("IHDR")) {
            throw new BrokenImageException(name, "PNG without an IHDR chunk in front");
        }
        Orientation orientation = Orientation.UPRIGHT;
        for (int at = SIGNATURE; ; ) {
            int length = length(name, bytes, at);
            String type = bytes.ascii(at + 4, 4);
            if (type.equals("eXIf")) {
                orientation = Exif.orientation(bytes.slice(at + 8, length));
            }
            if (type.equals("IDAT") || type.equals("IEND")) {
                int width = bytes.i32(SIGNATURE + 8);
                return ImageHeader.stored(ImageFormat.PNG, width, bytes.i32(SIGNATURE + 12), orientation);
            }
            at += length + AROUND;
        }
    }

    /// Checks every chunk's length and checksum up to the last pixels, as PIL does.
    static void verify(String name, Bytes bytes) throws BrokenImageException {
        try {
            CRC32 crc = new CRC32();
            boolean pixels = false;
            for (int at = SIGNATURE; ; ) {
                if (pixels && at == bytes.length()) {
                    return;
                }
                int length = length(name, bytes, at);
                String type = bytes.ascii(at + 4, 4);
                Bytes body = bytes.slice(at + 4, length + 4);
                crc.reset();
                crc.update(body.data().asByteBuffer());
                if ((int) crc.getValue() != bytes.i32(at + 8 + length)) {
                    throw new BrokenImageException(name, "damaged: the checksum of chunk " + type + " is wrong");
                }
                pixels |= type.equals("IDAT");
                if (type.equals("IEND")) {
                    return;
                }
                at += length + AROUND;
            }
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes", e);
        }
    }

    private static int length(String name, Bytes bytes, int at) throws BrokenImageException, TruncatedException {
        int length = bytes.i32(at);
        if (length < 0 || length > Integer.MAX_VALUE - AROUND) {
            throw new BrokenImageException(
                    name, "damaged: a PNG chunk claims " + Integer.toUnsignedString(length) + " bytes");
        }
        return length;
    }
}
