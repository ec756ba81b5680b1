package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.PathText;
import java.util.Arrays;

/// The block that stands before each member of a tar file.
///
/// See <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06> and GNU's `tar.h`.
///
/// @param block its 512 bytes
record TarHeader(byte[] block) {
    static final int BYTES = 512;

    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int NUMBER_BYTES = 12;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE_AT = 156;
    private static final int MAGIC_AT = 257;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX_BYTES = 155;
    private static final int HOLES_AT = 482;
    private static final int MORE_HOLES_AT = 504;
    private static final byte[] USTAR = {'u', 's', 't', 'a', 'r', 0};
    private static final int TOO_LARGE = -1;

    /// Whether it is a block of zeros, two of which end a tar file.
    boolean isEnd() {
        for (var b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether the sum of its bytes is the one that it says. Old programs added signed ones.
    boolean isWhole() {
        var unsigned = 0;
        var signed = 0;
        for (var i = 0; i < BYTES; i++) {
            var b = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES ? ' ' : block[i];
            unsigned += b & 0xFF;
            signed += b;
        }
        var said = number(CHECKSUM_AT, CHECKSUM_BYTES);
        return said == unsigned || said == signed;
    }

    /// The letter of what follows: `0`, `L`, `x`, ...
    char type() {
        return block[TYPE_AT] == 0 ? '0' : (char) block[TYPE_AT];
    }

    /// Bytes of what follows; negative if it says no number.
    long size() {
        return number(SIZE_AT, NUMBER_BYTES);
    }

    /// The member's name, unless a longer one stood before.
    String name() {
        var name = PathText.decoded(text(0, NAME_BYTES));
        var prefix = Arrays.equals(block, MAGIC_AT, MAGIC_AT + USTAR.length, USTAR, 0, USTAR.length)
                ? PathText.decoded(text(PREFIX_AT, PREFIX_BYTES))
                : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /// Whether a block about holes follows a header of GNU's sparse kind.
    boolean goesOn() {
        return block[HOLES_AT] != 0;
    }

    /// Whether another block about holes follows, where this is such a block.
    boolean holesGoOn() {
        return block[MORE_HOLES_AT] != 0;
    }

    private byte[] text(int at, int bytes) {
        var end = at;
        while (end < at + bytes && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, at, end);
    }

    /// Octal digits between spaces; or, where the first bit is set, the bytes of the number.
    private long number(int at, int bytes) {
        if (block[at] < 0) {
            var value = block[at] & 0x7FL;
            for (var i = 1; i < bytes; i++) {
                if (value >> Long.SIZE - 1 - Byte.SIZE != 0) {
                    return TOO_LARGE;
                }
                value = value << Byte.SIZE | block[at + i] & 0xFF;
            }
            return value;
        }
        var value = 0L;
        var digits = false;
        for (var i = at; i < at + bytes; i++) {
            if (block[i] >= '0' && block[i] <= '7') {
                value = value << 3 | block[i] - '0';
                digits = true;
            } else if (block[i] != 0 && block[i] != ' ' || digits) {
                return block[i] == 0 || block[i] == ' ' ? value : TOO_LARGE;
            }
        }
        return value;
    }
}
