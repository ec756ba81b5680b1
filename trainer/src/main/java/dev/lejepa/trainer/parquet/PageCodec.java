package dev.lejepa.trainer.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.lejepa.graphs.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.GZIPInputStream;
import org.xerial.snappy.Snappy;

/// How pages are compressed.
enum PageCodec {
    UNCOMPRESSED,
    SNAPPY,
    GZIP,
    ZSTD;

    /// Decompresses `in`, of which it takes all, to fill `out`; both lie outside of the heap.
    ///
    /// @throws IOException if the bytes are damaged, or become more or fewer
    void unpack(MemorySegment in, MemorySegment out) throws IOException {
        long made = switch (this) {
            case UNCOMPRESSED -> {
                require(in.byteSize(), out);
                out.copyFrom(in);
                yield in.byteSize();
            }
            case SNAPPY -> snappy(in, out);
            case GZIP -> gzip(in, out);
            case ZSTD -> zstd(in, out);
        };
        require(made, out);
    }

    private static void require(long made, MemorySegment out) throws IOException {
        if (made != out.byteSize()) {
            throw new IOException(Text.format("is unpacked to %d bytes, not to %d", made, out.byteSize()));
        }
    }

    private static long snappy(MemorySegment in, MemorySegment out) throws IOException {
        require(Snappy.uncompressedLength(in.asByteBuffer()), out); // it writes as far as its input says
        return Snappy.uncompress(in.asByteBuffer(), out.asByteBuffer());
    }

    private static long zstd(MemorySegment in, MemorySegment out) throws IOException {
        try {
            return Zstd.decompressDirectByteBuffer(
                    out.asByteBuffer(), 0, (int) out.byteSize(), in.asByteBuffer(), 0, (int) in.byteSize());
        } catch (ZstdException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static long gzip(MemorySegment in, MemorySegment out) throws IOException {
        byte[] part = new byte[64 << 10];
        long made = 0;
        try (var unpacked =
                new GZIPInputStream(new ByteArrayInputStream(in.toArray(ValueLayout.JAVA_BYTE)), part.length)) {
            for (int count = unpacked.read(part); count > 0; count = unpacked.read(part)) {
                if (made + count > out.byteSize()) {
                    return made + count;
                }
                MemorySegment.copy(part, 0, out, ValueLayout.JAVA_BYTE, made, count);
                made += count;
            }
        }
        return made;
    }
}
