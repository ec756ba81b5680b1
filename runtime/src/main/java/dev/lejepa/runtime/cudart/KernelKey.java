package dev.lejepa.runtime.cudart;

import dev.lejepa.graphs.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// All that machine code follows from.
///
/// @param compiler its name and version
/// @param options of the compiler, the architecture among them
/// @param name what messages call the source
record KernelKey(String compiler, List<String> options, String name, String source) {
    /// SHA-256 of all parts.
    byte[] digest() {
        var digest = sha256();
        add(digest, compiler);
        add(digest, Text.format("%d options", options.size()));
        options.forEach(option -> add(digest, option));
        add(digest, name);
        add(digest, source);
        return digest.digest();
    }

    /// With its length in front, so that no two keys are the same bytes.
    private static void add(MessageDigest digest, String part) {
        var bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
