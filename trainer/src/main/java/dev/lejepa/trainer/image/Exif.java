package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The one thing asked of EXIF: the orientation in the first directory of its TIFF block.
final class Exif {
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;

    private Exif() {}

    /// @param tiff begins with the byte order mark; a damaged block counts as none
    static Orientation orientation(Bytes tiff) {
        try {
            boolean little = tiff.startsWith(0, 'I', 'I', 42, 0);
            if (!little && !tiff.startsWith(0, 'M', 'M', 0, 42)) {
                return Orientation.UPRIGHT;
            }
            int directory = little ? tiff.i32little(4) : tiff.i32(4);
            int entries = u16(tiff, directory, little);
            for (int e = 0, at = directory + 2; e < entries; e++, at += 12) {
                if (u16(tiff, at, little) == ORIENTATION && u16(tiff, at + 2, little) == SHORT) {
                    return Orientation.of(u16(tiff, at + 8, little));
                }
            }
            return Orientation.UPRIGHT;
        } catch (TruncatedException e) {
            return Orientation.UPRIGHT;
        }
    }

    private static int u16(Bytes tiff, int at, boolean little) throws TruncatedException {
        return little ? tiff.u16little(at) : tiff.u16(at);
    }
}
