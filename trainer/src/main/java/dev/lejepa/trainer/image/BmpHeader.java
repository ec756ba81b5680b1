package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// Size of a Windows or OS/2 bitmap.
final class BmpHeader {
    private static final int OS2_HEADER = 12;
    private static final int WINDOWS_HEADER = 40;

    private BmpHeader() {}

    static ImageHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        int headerBytes = bytes.i32little(14);
        if (headerBytes == OS2_HEADER) {
            return new ImageHeader(ImageFormat.BMP, bytes.u16little(18), bytes.u16little(20), Orientation.UPRIGHT);
        }
        if (headerBytes < WINDOWS_HEADER) {
            throw new BrokenImageException(name, "BMP with a header of " + headerBytes + " bytes");
        }
        // a negative height means that rows run from top to bottom
        return new ImageHeader(
                ImageFormat.BMP, bytes.i32little(18), Math.abs(bytes.i32little(22)), Orientation.UPRIGHT);
    }
}
