package dev.lejepa.tools.eval;

import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.eval.Encoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What features are a function of.
///
/// @param place a name for the folder of these features, of where encoder and images lie
/// @param parts what they are, and their hashes
record FeatureKey(String place, SequencedMap<String, String> parts) {
    private static final int PLACE_LENGTH = 16;
    private static final int PIECE = 1 << 20;

    /// What stands behind a file's name in that of its weights, where these lie beside it: as our exports are called and
    /// ONNX's examples, and as Hugging Face's are.
    private static final List<String> WEIGHTS = List.of(".data", "_data");

    static FeatureKey of(Encoder encoder, Judged.Outputs outputs, ImageStore images, boolean mirror)
            throws IOException {
        var parts = new LinkedHashMap<String, String>();
        parts.put("the encoder", fileHash(encoder.file()));
        parts.put("the images", images.census().sha256() + timesHash(images));
        parts.put("their preparation", encoder.preparation().line());
        var where = encoder.file().toAbsolutePath() + "\n"
                + images.source().file(0).toAbsolutePath() + "\n" + outputs.probed() + "\n" + outputs.pooled() + "\n"
                + images.source().place() + "\n" + images.census().images() + "\n" + mirror;
        var name = HexFormat.of().formatHex(digest().digest(where.getBytes(StandardCharsets.UTF_8)));
        return new FeatureKey(name.substring(0, PLACE_LENGTH), parts);
    }

    /// As it stands in a file.
    String text() {
        return parts.entrySet().stream()
                .map(e -> e.getKey() + "\t" + e.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /// What is no longer as a file says; all of it where there is none.
    Optional<String> changedSince(Path file) throws IOException {
        Map<String, String> before;
        try {
            before = Files.readAllLines(file).stream()
                    .filter(line -> line.contains("\t"))
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.indexOf('\t')),
                            line -> line.substring(line.indexOf('\t') + 1),
                            (a, b) -> b));
        } catch (NoSuchFileException e) {
            before = Map.of();
        }
        var known = before;
        var changed = parts.entrySet().stream()
                .filter(e -> !e.getValue().equals(known.get(e.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" and "));
        return changed.isEmpty() ? Optional.empty() : Optional.of(changed);
    }

    /// Of the file and of the weights beside it.
    private static String fileHash(Path file) throws IOException {
        var digest = digest();
        addFile(digest, file);
        for (var suffix : WEIGHTS) {
            var beside = PathText.withSuffix(file, suffix);
            if (Files.isRegularFile(beside)) {
                addFile(digest, beside);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void addFile(MessageDigest digest, Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocateDirect(PIECE);
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
    }

    /// Of the times at which the images' files were written.
    private static String timesHash(ImageStore images) {
        var digest = digest();
        var before = Optional.<Path>empty();
        for (var image = 0; image < images.source().size(); image++) {
            var file = images.source().file(image);
            if (!before.equals(Optional.of(file))) { // a shard is asked once
                digest.update(
                        ByteBuffer.allocate(Long.BYTES).putLong(0, time(file)).array());
                before = Optional.of(file);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static long time(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return 0; // what cannot be read is told where it is read
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
