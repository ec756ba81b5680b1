package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.Optional;

/// The formats that are read, told apart by their first bytes and never by the file's suffix.
public enum ImageFormat {
    JPEG,
    PNG,
    WEBP,
    BMP,
    GIF,
    /// Portable bitmaps, graymaps and pixmaps.
    PNM,
    TIFF;

    private static final int[] BITMAP_HEADERS = {12, 40, 52, 56, 64, 108, 124};

    static Optional<ImageFormat> of(Bytes bytes) {
        if (bytes.startsWith(0, 0xFF, 0xD8, 0xFF)) {
            return Optional.of(JPEG);
        }
        if (bytes.startsWith(0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
            return Optional.of(PNG);
        }
        if (bytes.startsWith(0, 'R', 'I', 'F', 'F') && bytes.startsWith(8, 'W', 'E', 'B', 'P')) {
            return Optional.of(WEBP);
        }
        if (bytes.startsWith(0, 'B', 'M')) {
            return Optional.of(BMP);
        }
        if (bytes.startsWith(0, 'G', 'I', 'F', '8', '7', 'a') || bytes.startsWith(0, 'G', 'I', 'F', '8', '9', 'a')) {
            return Optional.of(GIF);
        }
        if (isPnm(bytes)) {
            return Optional.of(PNM);
        }
        if (bytes.startsWith(0, 'I', 'I', 42, 0) || bytes.startsWith(0, 'M', 'M', 0, 42)) {
            return Optional.of(TIFF);
        }
        // a bitmap without the file's header begins with the length of its own
        for (int length : BITMAP_HEADERS) {
            if (bytes.startsWith(0, length, 0, 0, 0)) {
                return Optional.of(BMP);
            }
        }
        return Optional.empty();
    }

    private static boolean isPnm(Bytes bytes) {
        try {
            int kind = bytes.u8(1);
            return bytes.u8(0) == 'P' && kind >= '1' && kind <= '6' && PnmTokens.isSpace(bytes.u8(2));
        } catch (TruncatedException e) {
            return false;
        }
    }
}
