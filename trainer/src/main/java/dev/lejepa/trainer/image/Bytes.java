package dev.lejepa.trainer.image;

import java.nio.charset.StandardCharsets;

/// A bounds-checked window on a file's bytes: whoever reads past the end learns so by [TruncatedException].
record Bytes(byte[] array, int start, int end) {
    /// Reading past the last byte that is there.
    static final class TruncatedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    int length() {
        return end - start;
    }

    int u8(int at) throws TruncatedException {
        if (at < 0 || at >= length()) {
            throw new TruncatedException();
        }
        return array[start + at] & 0xFF;
    }

    int u16(int at) throws TruncatedException {
        return u8(at) << 8 | u8(at + 1);
    }

    int i32(int at) throws TruncatedException {
        return u16(at) << 16 | u16(at + 2);
    }

    int u16little(int at) throws TruncatedException {
        return u8(at) | u8(at + 1) << 8;
    }

    int i32little(int at) throws TruncatedException {
        return u16little(at) | u16little(at + 2) << 16;
    }

    String ascii(int at, int count) throws TruncatedException {
        u8(at + count - 1);
        return new String(array, start + at, count, StandardCharsets.ISO_8859_1);
    }

    boolean startsWith(int at, int... values) {
        if (at + values.length > length()) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            if ((array[start + at + i] & 0xFF) != values[i]) {
                return false;
            }
        }
        return true;
    }

    /// The part from `at`, of `count` bytes.
    Bytes slice(int at, int count) throws TruncatedException {
        if (at < 0 || count < 0 || (long) at + count > length()) {
            throw new TruncatedException();
        }
        return new Bytes(array, start + at, start + at + count);
    }
}
