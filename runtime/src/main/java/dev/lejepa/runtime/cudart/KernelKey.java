package dev.lejepa.runtime.cudart;

import dev.lejepa.graphs.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;

/// All that machine code follows from, or what was measured of it.
///
/// @param compiler its name and version
/// @param options of the compiler, the architecture among them; of a measurement, where it was made
/// @param name what messages call the source
public record KernelKey(String compiler, List<String> options, String name, String source) {
    /// The key of what is measured of this code.
    ///
    /// @param place all about the machine that counts
    public KernelKey measuredOn(List<String> place) {
        var all = Stream.concat(options.stream(), place.stream()).toList();
        return new KernelKey(compiler, all, name, source);
    }

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
