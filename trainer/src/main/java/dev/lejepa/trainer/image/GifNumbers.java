package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The numbers of a GIF frame, which Lempel, Ziv and Welch's method has packed: each code stands for a string that was
/// seen before, or says that the table of strings begins anew, or ends.
final class GifNumbers {
    private static final int MOST_BITS = 12;
    private static final int CODES = 1 << MOST_BITS;

    private final String name;
    private final Bytes bytes;
    private final int clear;
    private final int firstBits;
    /// The last number of each code's string, and the code of what comes before it.
    private final byte[] last = new byte[CODES];

    private final short[] before = new short[CODES];
    /// The string that is being given out, from its end.
    private final byte[] string = new byte[CODES + 1];

    private int pending;
    private int next;
    private int codeBits;
    /// The code before, or -1 at the beginning of a table.
    private int previous = -1;
    private int first;
    private int at;
    private int leftInBlock;
    private int held;
    private int heldBits;

    /// @param at place of the number of bits, in front of the first block
    GifNumbers(String name, Bytes bytes, int at) throws BrokenImageException, TruncatedException {
        int bits = bytes.u8(at);
        if (bits > MOST_BITS) {
            throw new BrokenImageException(name, "damaged: GIF with numbers of " + bits + " bits");
        }
        this.name = name;
        this.bytes = bytes;
        this.at = at + 1;
        this.clear = 1 << bits;
        this.firstBits = bits + 1;
        startTable();
    }

    void read(byte[] row, int count) throws BrokenImageException, TruncatedException {
        for (int i = 0; i < count; i++) {
            while (pending == 0) {
                expand(code());
            }
            row[i] = string[--pending];
        }
    }

    private void expand(int code) throws BrokenImageException {
        if (code == clear) {
            startTable();
            return;
        }
        if (code == clear + 1) {
            throw new BrokenImageException(name, "cut off: the GIF's numbers end before its last row");
        }
        // with numbers of twelve bits there is no room for strings, only for the numbers themselves
        if (code > (previous < 0 ? clear : next) || code >= CODES) {
            throw new BrokenImageException(name, "damaged: a GIF code stands for nothing");
        }
        int rest = code;
        if (previous >= 0 && code == next) {
            // the string before, and its first number once more
            string[pending++] = (byte) first;
            rest = previous;
        }
        while (rest >= clear) {
            string[pending++] = last[rest];
            rest = before[rest];
        }
        string[pending++] = (byte) rest;
        first = rest;
        if (previous >= 0 && next < CODES) {
            add(rest);
        }
        previous = code;
    }

    private void add(int number) {
        last[next] = (byte) number;
        before[next] = (short) previous;
        if (next == (1 << codeBits) - 1 && codeBits < MOST_BITS) {
            codeBits++;
        }
        next++;
    }

    private void startTable() {
        next = clear + 2;
        codeBits = firstBits;
        previous = -1;
    }

    private int code() throws TruncatedException {
        while (heldBits < codeBits) {
            if (leftInBlock == 0) {
                leftInBlock = bytes.u8(at++);
                bytes.slice(at, leftInBlock);
            } else {
                held |= bytes.u8(at++) << heldBits;
                heldBits += 8;
                leftInBlock--;
            }
        }
        int code = held & (1 << codeBits) - 1;
        held >>>= codeBits;
        heldBits -= codeBits;
        return code;
    }
}
