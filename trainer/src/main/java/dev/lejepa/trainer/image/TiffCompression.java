package dev.lejepa.trainer.image;

/// How the strips of a TIFF file are packed.
enum TiffCompression {
    NONE,
    LZW,
    DEFLATE,
    PACK_BITS;

    static TiffCompression of(String name, int number) throws BrokenImageException {
        return switch (number) {
            case 1 -> NONE;
            case 5 -> LZW;
            case 8, 32946 -> DEFLATE;
            case 32773 -> PACK_BITS;
            default ->
                throw new BrokenImageException(
                        name, "is a TIFF image with compression " + number + ", which is not read here");
        };
    }
}
