package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The compressed pixels of a PNG file, which are cut into chunks that follow each other.
final class PngStream {
    /// The stream is fed in parts of this size as PIL does, so that a wrong checksum at its end is seen, or not, alike.
    private static final int PART = 64 << 10;

    private final Inflater inflater = new Inflater();
    private String name = "";
    private Bytes file = Bytes.of(new byte[0], 0);
    private long nextChunk;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    /// @param data place of the first pixel chunk
    void open(String name, Bytes file, int data) {
        this.name = name;
        this.file = file;
        nextChunk = data;
        chunk = ByteBuffer.allocate(0);
        inflater.reset();
    }

    /// Expands `count` bytes, or fewer if the stream ends before.
    ///
    /// @throws BrokenImageException if the file ends before the stream does, or is damaged
    int read(byte[] into, int from, int count) throws BrokenImageException {
        int done = 0;
        try {
            while (done < count && !inflater.finished()) {
                boolean fed = !inflater.needsInput() || feed();
                int n = inflater.inflate(into, from + done, count - done);
                if (n == 0 && !inflater.finished()) {
                    requireMore(fed);
                }
                done += n;
            }
            return done;
        } catch (DataFormatException e) {
            throw new BrokenImageException(name, "damaged: " + e.getMessage(), e);
        }
    }

    private void requireMore(boolean fed) throws BrokenImageException {
        if (inflater.needsDictionary()) {
            throw broken("PNG pixels that want a dictionary");
        }
        if (!fed) {
            throw new BrokenImageException(name, "cut off within its pixels (" + file.length() + " bytes)");
        }
    }

    /// What to throw where the expanded bytes make no sense.
    BrokenImageException broken(String what) {
        return new BrokenImageException(name, "damaged: " + what);
    }

    /// Gives the next part to the inflater; false if there is none.
    private boolean feed() throws BrokenImageException {
        while (!chunk.hasRemaining()) {
            try {
                PngChunk next = PngChunk.at(name, file, nextChunk);
                if (!next.isPixels()) {
                    return false;
                }
                chunk = next.pixels(file).data().asByteBuffer();
                nextChunk = next.next();
            } catch (TruncatedException e) {
                return false;
            }
        }
        ByteBuffer part = chunk.slice(chunk.position(), Math.min(PART, chunk.remaining()));
        chunk.position(chunk.position() + part.limit());
        inflater.setInput(part);
        return true;
    }
}
