package dev.lejepa.trainer.shards;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/// Reads labels out of the members beside an image.
final class LabelReader {
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,18}");

    /// A name of a class is no longer; what is longer is a description.
    private static final int LONGEST_NAME = 200;

    private final JsonFactory json = new JsonFactory();

    /// The label in a member `cls`: a number, or a name.
    SampleLabel cls(byte[] bytes) {
        var text = PathText.decoded(bytes).strip();
        return isName(text)
                ? label(text, SampleLabel.Origin.CLS)
                : new SampleLabel.Unreadable(Text.format("its cls is '%s', expected a number or a name", cut(text)));
    }

    /// The label in a member `txt`: a number or a name. Longer texts are no labels.
    SampleLabel txt(byte[] bytes) {
        var text = PathText.decoded(bytes).strip();
        return isName(text) ? label(text, SampleLabel.Origin.TXT) : new SampleLabel.None();
    }

    /// The label of the class that a folder stands for.
    static SampleLabel folder(String name) {
        return name.isEmpty() ? new SampleLabel.None() : new SampleLabel.ByName(name, SampleLabel.Origin.FOLDER);
    }

    /// The value of `label` in a member `json`, a number or a text.
    SampleLabel json(byte[] bytes) {
        try (var parser = json.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new SampleLabel.None();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var isLabel = parser.currentName().equals("label");
                var token = parser.nextToken();
                if (isLabel) {
                    return switch (token) {
                        case VALUE_NUMBER_INT -> number(parser.getText());
                        case VALUE_STRING -> text(parser.getText().strip());
                        case VALUE_NULL -> new SampleLabel.None();
                        default -> unreadable(parser.getText());
                    };
                }
                parser.skipChildren();
            }
            return new SampleLabel.None();
        } catch (JacksonException e) {
            return new SampleLabel.Unreadable("its json cannot be read: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is no file behind it
        }
    }

    private static SampleLabel number(String digits) {
        return NUMBER.matcher(digits).matches()
                ? new SampleLabel.ByNumber(Long.parseLong(digits), SampleLabel.Origin.JSON)
                : unreadable(digits);
    }

    private static SampleLabel text(String text) {
        return isName(text)
                ? new SampleLabel.ByName(Escapes.halfPairs(text), SampleLabel.Origin.JSON)
                : unreadable("'" + text + "'");
    }

    private static SampleLabel unreadable(String found) {
        return new SampleLabel.Unreadable(
                Text.format("its json says label: %s, expected a whole number or a name", cut(found)));
    }

    private static SampleLabel label(String text, SampleLabel.Origin origin) {
        return NUMBER.matcher(text).matches()
                ? new SampleLabel.ByNumber(Long.parseLong(text), origin)
                : new SampleLabel.ByName(text, origin);
    }

    private static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_NAME && text.indexOf('\n') < 0;
    }

    private static String cut(String text) {
        final var shown = 40;
        return Escapes.unprintable(text.length() <= shown ? text : text.substring(0, shown) + "...");
    }
}
