package dev.lejepa.trainer.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.PathText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What tells the images of a source from others, without their pixels.
///
/// @param images how many
/// @param classes images of each class, by its name as people read it, in the order of the labels; empty if unlabelled
/// @param sha256 of the name and size of each file, in the order of their numbers. The place of the source does not
///     count.
/// @param order of what decides the order of epochs beside the seed, blocks and shares of a mixture: another hash;
///     null where any image may follow any other
public record ImageCensus(
        int images,
        Map<String, Integer> classes,
        String sha256,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonSetter(nulls = Nulls.SET) @Nullable
        String order) {
    public ImageCensus {
        classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
        Objects.requireNonNull(sha256, "sha256");
    }

    /// @param fileBytes sizes of the files
    static ImageCensus of(ImageSource source, long[] fileBytes) {
        var digest = newDigest();
        var size = ByteBuffer.allocate(1 + Long.BYTES); // a zero, which no name holds, and the size
        var counts = new int[source.classes().size()];
        for (var image = 0; image < source.size(); image++) {
            digest.update(PathText.bytes(source.name(image)));
            digest.update(size.putLong(1, fileBytes[image]).array());
            var label = source.label(image);
            if (label != ImageSource.UNLABELLED) {
                counts[label]++;
            }
        }
        Map<String, Integer> classes = new LinkedHashMap<>();
        for (var label = 0; label < counts.length; label++) {
            // names that are no text are none for JSON either
            classes.merge(Escapes.unprintable(source.classes().get(label)), counts[label], Integer::sum);
        }
        return new ImageCensus(
                source.size(), classes, HexFormat.of().formatHex(digest.digest()), order(source.ordering()));
    }

    private static @Nullable String order(Ordering ordering) {
        return ordering instanceof Ordering.Free
                ? null
                : HexFormat.of().formatHex(newDigest().digest(ordering.line().getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
