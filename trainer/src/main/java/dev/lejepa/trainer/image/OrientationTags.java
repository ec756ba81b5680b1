package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a file's metadata say of its orientation, in the order in which PIL believes them: EXIF, ImageMagick's EXIF
/// profile in hexadecimal digits, XMP.
final class OrientationTags {
    private static final Pattern XMP_ORIENTATION = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");
    /// A profile's digits come after an empty line, its name and its length.
    private static final int LINES_BEFORE_DIGITS = 3;

    private Optional<Bytes> exif = Optional.empty();
    private final ByteArrayOutputStream segments = new ByteArrayOutputStream();
    private Optional<String> profile = Optional.empty();
    private Optional<String> xmp = Optional.empty();

    /// An EXIF block, with or without `Exif\0\0` in front; a later one counts instead of an earlier one.
    void exif(Bytes block) {
        exif = Optional.of(block);
    }

    /// A part of an EXIF block that is cut into segments.
    ///
    /// @param segment begins with `Exif\0\0`
    void exifSegment(Bytes segment) throws TruncatedException {
        Bytes part = segments.size() == 0 ? segment : segment.slice(6, segment.length() - 6);
        segments.writeBytes(part.toArray());
    }

    private Optional<Bytes> exifBlock() {
        return segments.size() == 0 ? exif : Optional.of(Bytes.of(segments.toByteArray(), segments.size()));
    }

    /// The text of ImageMagick's `Raw profile type exif`.
    void profile(String text) {
        profile = Optional.of(text);
    }

    /// An XMP packet.
    void xmp(Bytes packet) {
        xmp = Optional.of(new String(packet.toArray(), StandardCharsets.ISO_8859_1));
    }

    Orientation orientation() {
        return exifBlock()
                .or(() -> profile.flatMap(OrientationTags::digits))
                .flatMap(Exif::orientation)
                .or(() -> xmp.map(OrientationTags::ofXmp))
                .orElse(Orientation.UPRIGHT);
    }

    private static Optional<Bytes> digits(String profile) {
        String[] lines = profile.split("\n", LINES_BEFORE_DIGITS + 1);
        if (lines.length <= LINES_BEFORE_DIGITS) {
            return Optional.empty();
        }
        try {
            byte[] block = HexFormat.of().parseHex(lines[LINES_BEFORE_DIGITS].replaceAll("\\s", ""));
            return Optional.of(Bytes.of(block, block.length));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Orientation ofXmp(String packet) {
        Matcher matcher = XMP_ORIENTATION.matcher(packet);
        return matcher.find() ? Orientation.of(matcher.group(1).charAt(0) - '0') : Orientation.UPRIGHT;
    }
}
