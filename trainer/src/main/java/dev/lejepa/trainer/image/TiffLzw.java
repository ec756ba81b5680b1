package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// A strip that Lempel, Ziv and Welch's method has packed as TIFF has it: codes of 9 to 12 bits, the high bit first,
/// that become longer one code early.
final class TiffLzw implements TiffStrip {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int CODES = 4096;

    private final String name;
    private final Bytes packed;
    private final byte[] last = new byte[CODES];
    private final short[] before = new short[CODES];
    /// The string that is being given out, from its end.
    private final byte[] string = new byte[CODES + 1];

    private int pending;
    private int next = END + 1;
    private int previous = -1;
    private int first;
    private int at;
    private int held;
    private int heldBits;

    TiffLzw(String name, Bytes packed) {
        this.name = name;
        this.packed = packed;
    }

    @Override
    public void read(byte[] into, int count) throws TruncatedException, BrokenImageException {
        for (int i = 0; i < count; i++) {
            while (pending == 0) {
                expand(code());
            }
            into[i] = string[--pending];
        }
    }

    private void expand(int code) throws TruncatedException, BrokenImageException {
        if (code == CLEAR) {
            next = END + 1;
            previous = -1;
            return;
        }
        if (code == END) {
            throw new TruncatedException();
        }
        if (code > (previous < 0 ? CLEAR : next)) {
            throw new BrokenImageException(name, "damaged: a TIFF code stands for nothing");
        }
        int rest = code;
        if (previous >= 0 && code == next) {
            // the string before, and its first byte once more
            string[pending++] = (byte) first;
            rest = previous;
        }
        while (rest > END) {
            string[pending++] = last[rest];
            rest = before[rest];
        }
        string[pending++] = (byte) rest;
        first = rest;
        if (previous >= 0 && next < CODES) {
            last[next] = (byte) rest;
            before[next] = (short) previous;
            next++;
        }
        previous = code;
    }

    private int code() throws TruncatedException {
        int bits = next < 511 ? 9 : next < 1023 ? 10 : next < 2047 ? 11 : 12;
        while (heldBits < bits) {
            held = held << 8 | packed.u8(at++);
            heldBits += 8;
        }
        heldBits -= bits;
        int code = held >>> heldBits & (1 << bits) - 1;
        held &= (1 << heldBits) - 1;
        return code;
    }
}
