package dev.lejepa.trainer.shards;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Reads parts of files.
final class FileParts {
    private FileParts() {}

    /// Fills `into` from a place of a file, as far as the file goes.
    ///
    /// @return the number of bytes that were there
    static int read(FileChannel channel, long offset, ByteBuffer into) throws IOException {
        var start = into.position();
        // a channel may return fewer bytes than asked for
        while (into.hasRemaining() && channel.read(into, offset + into.position() - start) >= 0) {}
        return into.position() - start;
    }
}
