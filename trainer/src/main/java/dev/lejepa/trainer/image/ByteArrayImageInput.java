package dev.lejepa.trainer.image;

import javax.imageio.stream.ImageInputStreamImpl;

/// Bytes in memory as ImageIO wants them, without its caches; it remembers whether a reader asked for more than there
/// is, which is how a cut-off JPEG is told from a whole one.
final class ByteArrayImageInput extends ImageInputStreamImpl {
    private final byte[] bytes;
    private final int count;
    private boolean exhausted;

    ByteArrayImageInput(byte[] bytes, int count) {
        this.bytes = bytes;
        this.count = count;
    }

    boolean exhausted() {
        return exhausted;
    }

    @Override
    public int read() {
        bitOffset = 0;
        if (streamPos >= count) {
            exhausted = true;
            return -1;
        }
        return bytes[(int) streamPos++] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        bitOffset = 0;
        if (streamPos >= count) {
            exhausted = true;
            return -1;
        }
        int n = (int) Math.min(length, count - streamPos);
        System.arraycopy(bytes, (int) streamPos, into, from, n);
        streamPos += n;
        return n;
    }

    @Override
    public long length() {
        return count;
    }
}
