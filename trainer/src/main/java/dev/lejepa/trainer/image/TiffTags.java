package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The first directory of a TIFF file.
///
/// @param little whether numbers have their low byte first
/// @param entries number of tags
/// @param first place of the first tag
record TiffTags(Bytes bytes, boolean little, int entries, int first) {
    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int FILL_ORDER = 266;
    static final int STRIP_OFFSETS = 273;
    static final int SAMPLES = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_BYTES = 279;
    static final int PLANES = 284;
    static final int PREDICTOR = 317;
    static final int COLORS = 320;
    static final int TILE_WIDTH = 322;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;
    static final int XMP = 700;

    private static final int ENTRY = 12;

    static TiffTags read(Bytes bytes) throws TruncatedException {
        boolean little = bytes.u8(0) == 'I';
        TiffTags empty = new TiffTags(bytes, little, 0, 0);
        int directory = empty.i32(4);
        TiffTags tags = new TiffTags(bytes, little, empty.u16(directory), directory + 2);
        bytes.slice(tags.first, ENTRY * tags.entries);
        return tags;
    }

    /// The numbers of a tag, none if it is missing or holds others than whole ones.
    int[] numbers(int tag) throws TruncatedException {
        for (int e = 0, at = first; e < entries; e++, at += ENTRY) {
            if (u16(at) == tag) {
                return numbers(u16(at + 2), at);
            }
        }
        return new int[0];
    }

    /// The first number of a tag.
    int number(int tag, int otherwise) throws TruncatedException {
        int[] numbers = numbers(tag);
        return numbers.length == 0 ? otherwise : numbers[0];
    }

    private int[] numbers(int type, int entry) throws TruncatedException {
        int size = switch (type) {
            case 1, 7 -> 1;
            case 3 -> 2;
            case 4, 13 -> 4;
            default -> 0;
        };
        int count = i32(entry + 4);
        if (size == 0) {
            return new int[0];
        }
        if (count < 0 || count > bytes.length() / size) {
            throw new TruncatedException();
        }
        int at = count * size <= 4 ? entry + 8 : i32(entry + 8);
        bytes.slice(at, count * size);
        int[] numbers = new int[count];
        for (int n = 0; n < count; n++, at += size) {
            numbers[n] = size == 1 ? bytes.u8(at) : size == 2 ? u16(at) : i32(at);
        }
        return numbers;
    }

    private int u16(int at) throws TruncatedException {
        return little ? bytes.u16little(at) : bytes.u16(at);
    }

    private int i32(int at) throws TruncatedException {
        return little ? bytes.i32little(at) : bytes.i32(at);
    }
}
