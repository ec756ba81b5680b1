package dev.lejepa.trainer.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A bounds-checked window on a file's bytes, in the heap or outside: whoever reads past the end learns so by
/// [TruncatedException].
///
/// @param data at most 2 GiB
record Bytes(MemorySegment data) {
    /// Reading past the last byte that is there.
    static final class TruncatedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /// The first `count` bytes of an array.
    static Bytes of(byte[] array, int count) {
        return new Bytes(MemorySegment.ofArray(array).asSlice(0, count));
    }

    /// All bytes of a file.
    ///
    /// @throws BrokenImageException if they are more than can be counted here
    static Bytes of(String name, MemorySegment file) throws BrokenImageException {
        if (file.byteSize() > Integer.MAX_VALUE - 8) {
            throw new BrokenImageException(name, "cannot be read (larger than 2 GiB)");
        }
        return new Bytes(file);
    }

    int length() {
        return (int) data.byteSize();
    }

    int u8(int at) throws TruncatedException {
        if (at < 0 || at >= length()) {
            throw new TruncatedException();
        }
        return data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
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
        return new String(slice(at, count).toArray(), StandardCharsets.ISO_8859_1);
    }

    boolean startsWith(int at, int... values) {
        if (at + values.length > length()) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            if ((data.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF) != values[i]) {
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
        return new Bytes(data.asSlice(at, count));
    }

    /// The same bytes outside of the heap, where C code finds them.
    MemorySegment outside(Arena arena) {
        return data.isNative() ? data : arena.allocate(data.byteSize()).copyFrom(data);
    }

    /// Copies the bytes from `at`, `count` of them, to place `to` of an array.
    void copy(int at, byte[] into, int to, int count) throws TruncatedException {
        MemorySegment.copy(slice(at, count).data, ValueLayout.JAVA_BYTE, 0, into, to, count);
    }

    /// A copy of all of it.
    byte[] toArray() {
        return data.toArray(ValueLayout.JAVA_BYTE);
    }
}
