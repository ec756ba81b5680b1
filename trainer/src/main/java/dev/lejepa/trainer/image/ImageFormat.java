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
    TIFF,
    /// Pictures of the AV1 codec, by the system's libheif.
    AVIF,
    /// Pictures of the HEVC codec, by the system's libheif.
    HEIC,
    /// By the system's libjxl.
    JPEG_XL;

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
        if (isBrand(bytes, "avif") || isBrand(bytes, "avis")) {
            return Optional.of(AVIF);
        }
        if (isBrand(bytes, "hei") || isBrand(bytes, "hev") || isBrand(bytes, "mif1") || isBrand(bytes, "msf1")) {
            return Optional.of(HEIC);
        }
        if (bytes.startsWith(0, 0xFF, 0x0A) || bytes.startsWith(4, 'J', 'X', 'L', ' ', '\r', '\n', 0x87, '\n')) {
            return Optional.of(JPEG_XL);
        }
        // a bitmap without the file's header begins with the length of its own
        for (int length : BITMAP_HEADERS) {
            if (bytes.startsWith(0, length, 0, 0, 0)) {
                return Optional.of(BMP);
            }
        }
        return Optional.empty();
    }

    /// Of the ISO base media file format.
    private static boolean isBrand(Bytes bytes, String brand) {
        return bytes.startsWith(4, ("ftyp" + brand).chars().toArray());
    }

    /// The name with its article.
    String article() {
        return switch (this) {
            case AVIF -> "an AVIF";
            case JPEG_XL -> "a JPEG XL";
            case WEBP -> "a WebP";
            case JPEG, PNG, BMP, GIF, PNM, TIFF, HEIC -> "a " + name();
        };
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
