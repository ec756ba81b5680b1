package dev.lejepa.graphs.weights;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A part of a mapped file as a stream that knows where it stands.
final class SegmentStream extends InputStream {
    private final MemorySegment bytes;
    private long at;
    private long marked;

    SegmentStream(MemorySegment bytes) {
        this.bytes = bytes;
    }

    /// Bytes that have been read.
    long position() {
        return at;
    }

    @Override
    public int read() {
        return at < bytes.byteSize() ? Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, at++)) : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) {
        if (length == 0) {
            return 0;
        }
        int count = (int) Math.min(length, bytes.byteSize() - at);
        if (count <= 0) {
            return -1;
        }
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, target, from, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, bytes.byteSize() - at);
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public synchronized void mark(int limit) {
        marked = at;
    }

    @Override
    public synchronized void reset() {
        at = marked;
    }
}
