package dev.lejepa.trainer.shards;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;

/// How a whole file is compressed, by its first bytes.
enum Packing {
    NONE,
    GZIP,
    ZSTD;

    private static final int GZIP_MAGIC = 0x8B1F;
    private static final int ZSTD_MAGIC = 0xFD2F_B528;
    /// Programs that compress in parallel put frames without content in front: any of sixteen.
    private static final int ZSTD_SKIPPED = 0x184D_2A50;

    private static final int BUFFER = 1 << 20;
    /// Windows of up to 2 GiB, as `--long=31` makes them.
    private static final int LONGEST_WINDOW = 31;

    static Packing of(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var first = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            FileParts.read(channel, 0, first);
            var magic = first.getInt(0);
            if ((magic & 0xFFFF) == GZIP_MAGIC) {
                return GZIP;
            }
            return magic == ZSTD_MAGIC || (magic & ~0xF) == ZSTD_SKIPPED ? ZSTD : NONE;
        }
    }

    /// The contents of a packed file.
    InputStream unpacked(InputStream packed) throws IOException {
        return switch (this) {
            case NONE -> packed;
            case GZIP -> new GZIPInputStream(packed, BUFFER);
            case ZSTD -> new ZstdInputStream(packed).setLongMax(LONGEST_WINDOW);
        };
    }
}
