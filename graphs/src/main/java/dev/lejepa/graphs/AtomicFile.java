package dev.lejepa.graphs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Files that are either the old one or the whole new one, whenever power or disk space ends: each is an [OutputFile].
public final class AtomicFile {
    private AtomicFile() {}

    /// What writes a file's content.
    @FunctionalInterface
    public interface Content {
        /// Writes everything to `channel`, which is empty and at position 0.
        void writeTo(FileChannel channel) throws IOException;
    }

    /// Writes `file` in full or leaves what was there.
    ///
    /// @throws IOException where the content could not be written; nothing is left behind but the previous file
    public static void write(Path file, Content content) throws IOException {
        try (var output = OutputFile.create(file)) {
            content.writeTo(output.channel());
            output.commit();
        }
    }

    /// Writes `text` in UTF-8.
    public static void writeText(Path file, String text) throws IOException {
        writeBytes(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Writes `bytes`.
    public static void writeBytes(Path file, byte[] bytes) throws IOException {
        write(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
    }

    /// Writes the rest of `bytes` at the channel's position.
    public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// A new name is safe only when its folder is on the disk too.
    public static void forceDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
