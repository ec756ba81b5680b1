package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.Optional;

/// The one thing asked of EXIF: the orientation in the first directory of its TIFF block. Damage is taken as PIL takes
/// it: what is whole before it counts.
final class Exif {
    private static final int ORIENTATION = 0x0112;
    private static final int ENTRY = 12;

    private final Bytes tiff;
    private final boolean little;

    private Exif(Bytes tiff, boolean little) {
        this.tiff = tiff;
        this.little = little;
    }

    /// The orientation, if there is a tag for it; a tag whose value means nothing says upright.
    ///
    /// @param block begins with the byte order mark, or with the words `Exif\0\0` before it
    static Optional<Orientation> orientation(Bytes block) {
        try {
            int at = 0;
            while (at < 12 && block.startsWith(at, 'E', 'x', 'i', 'f', 0, 0)) {
                at += 6;
            }
            Bytes tiff = block.slice(at, block.length() - at);
            boolean little = tiff.startsWith(0, 'I', 'I');
            boolean marked = little || tiff.startsWith(0, 'M', 'M');
            if (!marked || !tiff.startsWith(2, 42, 0) && !tiff.startsWith(2, 0, 42) && !tiff.startsWith(2, 0, 43)) {
                return Optional.empty();
            }
            return new Exif(tiff, little).firstDirectory();
        } catch (TruncatedException e) {
            return Optional.empty();
        }
    }

    private Optional<Orientation> firstDirectory() throws TruncatedException {
        int directory = i32(4);
        int entries = u16(directory);
        long outside = 0;
        for (int e = 0, at = directory + 2; e < entries; e++, at += ENTRY) {
            int tag = u16(at);
            Type type = Type.of(u16(at + 2));
            long bytes = (i32(at + 4) & 0xFFFFFFFFL) * type.bytes;
            int value = at + 8;
            tiff.slice(value, 4);
            if (bytes > 4) {
                outside += bytes;
                if (outside > tiff.length()) {
                    continue;
                }
                value = i32(value);
                tiff.slice(value, (int) bytes);
            }
            if (tag == ORIENTATION && bytes > 0) {
                return Optional.of(Orientation.of(number(type, value)));
            }
        }
        return Optional.empty();
    }

    /// The first number at a place, or 0 where it is none that could be an orientation.
    private int number(Type type, int at) throws TruncatedException {
        return switch (type) {
            case UNKNOWN, TEXT -> 0;
            case BYTE -> (byte) tiff.u8(at);
            case SHORT -> (short) u16(at);
            case LONG -> i32(at);
            case LONG8 -> whole((double) i64(at));
            case FLOAT -> whole(Float.intBitsToFloat(i32(at)));
            case DOUBLE -> whole(Double.longBitsToDouble(i64(at)));
            case RATIO -> whole((double) i32(at) / i32(at + 4));
        };
    }

    private static int whole(double value) {
        return value == Math.rint(value) ? (int) value : 0;
    }

    private int u16(int at) throws TruncatedException {
        return little ? tiff.u16little(at) : tiff.u16(at);
    }

    private int i32(int at) throws TruncatedException {
        return little ? tiff.i32little(at) : tiff.i32(at);
    }

    private long i64(int at) throws TruncatedException {
        long first = i32(at) & 0xFFFFFFFFL;
        long second = i32(at + 4) & 0xFFFFFFFFL;
        return little ? second << 32 | first : first << 32 | second;
    }

    /// What the values of a tag are. Bytes that are not signed are text to PIL, and so no orientation.
    private enum Type {
        UNKNOWN(0),
        TEXT(1),
        BYTE(1),
        SHORT(2),
        LONG(4),
        LONG8(8),
        FLOAT(4),
        DOUBLE(8),
        RATIO(8);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        static Type of(int number) {
            return switch (number) {
                case 1, 2, 7 -> TEXT;
                case 6 -> BYTE;
                case 3, 8 -> SHORT;
                case 4, 9, 13 -> LONG;
                case 5, 10 -> RATIO;
                case 11 -> FLOAT;
                case 12 -> DOUBLE;
                case 16 -> LONG8;
                default -> UNKNOWN;
            };
        }
    }
}
