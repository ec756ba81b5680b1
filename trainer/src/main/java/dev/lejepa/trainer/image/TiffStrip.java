package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The bytes of a strip of rows, unpacked.
interface TiffStrip {
    /// Reads `count` bytes.
    ///
    /// @throws TruncatedException if the strip ends before
    void read(byte[] into, int count) throws TruncatedException, BrokenImageException;

    /// @param inflater is used again for each strip
    static TiffStrip of(TiffCompression compression, String name, Bytes packed, Inflater inflater) {
        return switch (compression) {
            case NONE -> new Plain(packed);
            case LZW -> new TiffLzw(name, packed);
            case DEFLATE -> new Deflated(name, packed, inflater);
            case PACK_BITS -> new PackBits(packed);
        };
    }

    /// Bytes as they are.
    final class Plain implements TiffStrip {
        private final Bytes packed;
        private int at;

        Plain(Bytes packed) {
            this.packed = packed;
        }

        @Override
        public void read(byte[] into, int count) throws TruncatedException {
            packed.copy(at, into, 0, count);
            at += count;
        }
    }

    /// A zlib stream.
    final class Deflated implements TiffStrip {
        private final String name;
        private final Inflater inflater;

        Deflated(String name, Bytes packed, Inflater inflater) {
            this.name = name;
            this.inflater = inflater;
            inflater.reset();
            inflater.setInput(packed.data().asByteBuffer());
        }

        @Override
        public void read(byte[] into, int count) throws TruncatedException, BrokenImageException {
            try {
                for (int done = 0; done < count; ) {
                    int n = inflater.inflate(into, done, count - done);
                    if (n == 0) {
                        throw new TruncatedException();
                    }
                    done += n;
                }
            } catch (DataFormatException e) {
                throw new BrokenImageException(name, "damaged: " + e.getMessage(), e);
            }
        }
    }

    /// Runs of Apple's PackBits: a byte n, then n + 1 bytes, or one byte that stands 1 - n times.
    final class PackBits implements TiffStrip {
        private final Bytes packed;
        private int at;
        private int left;
        private boolean run;

        PackBits(Bytes packed) {
            this.packed = packed;
        }

        @Override
        public void read(byte[] into, int count) throws TruncatedException {
            for (int i = 0; i < count; i++) {
                while (left == 0) {
                    int n = (byte) packed.u8(at++);
                    run = n < 0;
                    // -128 says nothing
                    left = n == -128 ? 0 : run ? 1 - n : n + 1;
                }
                into[i] = (byte) packed.u8(at);
                left--;
                at += run && left > 0 ? 0 : 1;
            }
        }
    }
}
