package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The header of a portable bitmap, graymap or pixmap.
///
/// @param plain whether samples are written as decimal numbers
/// @param samples of a pixel: 1 or 3
/// @param highest what white is; 1 means bits, of which 1 is black
/// @param data place of the first sample
record PnmHeader(boolean plain, boolean bits, int samples, int width, int height, int highest, int data) {
    static PnmHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        int kind = bytes.u8(1) - '0';
        PnmTokens tokens = new PnmTokens(name, bytes, 3);
        int width = tokens.next();
        int height = tokens.next();
        boolean bits = kind == 1 || kind == 4;
        int highest = bits ? 1 : tokens.next();
        if (width < 1 || height < 1 || highest < 1 || highest > 65535) {
            throw new BrokenImageException(
                    name, "PNM of " + width + " x " + height + " pixels with samples up to " + highest);
        }
        return new PnmHeader(kind <= 3, bits, kind % 3 == 0 ? 3 : 1, width, height, highest, tokens.at());
    }

    ImageHeader imageHeader() {
        return new ImageHeader(ImageFormat.PNM, width, height, Orientation.UPRIGHT);
    }

    /// A sample's level of 255.
    byte level(int sample) {
        if (bits) {
            return (byte) (sample == 0 ? 255 : 0);
        }
        if (highest == 255) {
            return (byte) sample;
        }
        // gray of more than 8 bits is cut to its high byte as in a PNG, colors are rounded as PIL does
        boolean deepGray = samples == 1 && highest > 255;
        int top = deepGray ? 65535 : 255;
        int level = (int) Math.min(top, Math.rint(sample / (double) highest * top));
        return (byte) (deepGray ? level >> 8 : level);
    }
}
