package dev.lejepa.trainer.image;

import java.util.Optional;

/// The formats that are read, told apart by their first bytes and never by the file's suffix.
public enum ImageFormat {
    JPEG,
    PNG,
    WEBP,
    BMP;

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
        return Optional.empty();
    }
}
