package dev.lejepa.runtime.cudart;

import dev.lejepa.graphs.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Machine code in a file, or numbers: sixteen letters that tell the format, the digest of the key, the digest of the
/// content, the content.
final class KernelFile {
    private static final byte[] FORMAT = "lejepa-kernel-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;
    private static final int HEAD_BYTES = FORMAT.length + 2 * DIGEST_BYTES;

    private KernelFile() {}

    /// The code; empty if the file is damaged, or another key's.
    ///
    /// @param key digest of a [KernelKey]
    static Optional<byte[]> read(Path file, byte[] key) throws IOException {
        var bytes = Files.readAllBytes(file);
        if (bytes.length <= HEAD_BYTES) {
            return Optional.empty();
        }
        var code = Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length);
        return Arrays.equals(head(key, code), Arrays.copyOf(bytes, HEAD_BYTES)) ? Optional.of(code) : Optional.empty();
    }

    static void write(Path file, byte[] key, byte[] code) throws IOException {
        AtomicFile.write(file, channel -> {
            AtomicFile.writeFully(channel, ByteBuffer.wrap(head(key, code)));
            AtomicFile.writeFully(channel, ByteBuffer.wrap(code));
        });
    }

    private static byte[] head(byte[] key, byte[] code) {
        return ByteBuffer.allocate(HEAD_BYTES)
                .put(FORMAT)
                .put(key)
                .put(KernelKey.sha256().digest(code))
                .array();
    }
}
