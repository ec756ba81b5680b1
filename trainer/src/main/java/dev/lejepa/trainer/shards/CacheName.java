package dev.lejepa.trainer.shards;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Names of files in the cache.
final class CacheName {
    private static final int DIGITS = 32;

    private CacheName() {}

    /// A name that other parts do not have: the beginning of their SHA-256.
    ///
    /// @param parts without zero bytes
    static String of(List<byte[]> parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update(part);
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
