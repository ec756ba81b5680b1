package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The chunks of a PNG file that may say how it is stored: `eXIf`, and texts under the names that carry EXIF or XMP.
final class PngTexts {
    private static final String EXIF = "exif";
    private static final String PROFILE = "Raw profile type exif";
    private static final String XMP = "XML:com.adobe.xmp";
    private static final int LONGEST_NAME = 79;
    /// Compressed texts of more bytes are none of a camera's.
    private static final int LONGEST_TEXT = 1 << 20;

    /// A camera writes one of each name; of a file with more compressed texts the others are not expanded.
    private static final int MOST_TEXTS = 16;

    private final OrientationTags tags = new OrientationTags();
    private int inflated;

    Orientation orientation() {
        return tags.orientation();
    }

    /// A text that is cut off or cannot be expanded counts as none.
    void note(String type, Bytes body) {
        try {
            switch (type) {
                case "eXIf" -> tags.exif(body);
                case "tEXt" -> noteText(body);
                case "zTXt" -> noteCompressedText(body);
                case "iTXt" -> noteInternationalText(body);
                default -> {
                    // says nothing of orientation
                }
            }
        } catch (TruncatedException e) {
            // PIL, too, goes on without it
        }
    }

    private void noteText(Bytes body) throws TruncatedException {
        String name = string(body);
        Bytes text = rest(body, name.length() + 1);
        if (name.equals(EXIF)) {
            tags.exif(text);
        } else {
            note(name, Optional.of(text));
        }
    }

    private void noteCompressedText(Bytes body) throws TruncatedException {
        String name = string(body);
        if (isWanted(name)) {
            note(name, inflate(rest(body, name.length() + 2)));
        }
    }

    private void noteInternationalText(Bytes body) throws TruncatedException {
        String name = string(body);
        if (!isWanted(name)) {
            return;
        }
        int at = name.length() + 1;
        boolean compressed = body.u8(at) != 0;
        int method = body.u8(at + 1);
        // language and translated name
        at = end(body, end(body, at + 2) + 1) + 1;
        Bytes text = rest(body, at);
        if (!compressed) {
            note(name, Optional.of(text));
        } else if (method == 0) {
            note(name, inflate(text));
        }
    }

    private void note(String name, Optional<Bytes> text) {
        switch (name) {
            case PROFILE -> text.ifPresent(t -> tags.profile(new String(t.toArray(), StandardCharsets.ISO_8859_1)));
            case XMP -> text.ifPresent(tags::xmp);
            default -> {
                // another text
            }
        }
    }

    private static boolean isWanted(String name) {
        return name.equals(PROFILE) || name.equals(XMP);
    }

    private static String string(Bytes body) throws TruncatedException {
        int end = 0;
        while (end < body.length() && end <= LONGEST_NAME && body.u8(end) != 0) {
            end++;
        }
        return body.ascii(0, end);
    }

    private static int end(Bytes body, int from) throws TruncatedException {
        int at = from;
        while (body.u8(at) != 0) {
            at++;
        }
        return at;
    }

    private static Bytes rest(Bytes body, int from) throws TruncatedException {
        return body.slice(from, body.length() - from);
    }

    private Optional<Bytes> inflate(Bytes compressed) {
        if (++inflated > MOST_TEXTS) {
            return Optional.empty();
        }
        byte[] text = new byte[LONGEST_TEXT];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(compressed.data().asByteBuffer());
            int count = inflater.inflate(text);
            return inflater.finished() ? Optional.of(Bytes.of(text, count)) : Optional.empty();
        } catch (DataFormatException e) {
            return Optional.empty();
        }
    }
}
