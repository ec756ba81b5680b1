package dev.lejepa.graphs.npy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a [PythonLiteral] from text, by recursive descent. Whole numbers may end in `L`, as Python 2 wrote long ones,
/// and texts may have its prefix `u`.
final class PythonParser {
    private static final int DEEPEST = 20;
    /// Digits of numbers that are beyond any size anyway.
    private static final int LONGEST_NUMBER = 100;

    private static final Pattern NUMBER = Pattern.compile("([-+]?\\s*[0-9]+)L?");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]+");
    private static final Pattern TEXT = Pattern.compile("[uU]?(?:'([^'\\\\\\n]*)'|\"([^\"\\\\\\n]*)\")");

    private final String source;
    private int at;
    private int depth;

    private PythonParser(String source) {
        this.source = source;
    }

    /// The text is no such value.
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /// The dictionary that all of the text is, if it is one.
    static Optional<PythonLiteral.Dictionary> dictionary(String text) {
        var parser = new PythonParser(text);
        try {
            PythonLiteral value = parser.value();
            return value instanceof PythonLiteral.Dictionary dictionary && parser.peek() == 0
                    ? Optional.of(dictionary)
                    : Optional.empty();
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private PythonLiteral value() throws Malformed {
        if (++depth > DEEPEST) {
            throw new Malformed("nested too deep");
        }
        PythonLiteral value = switch (peek()) {
            case '{' -> dictionary();
            case '[' -> new PythonLiteral.Items(items(']').items());
            case '(' -> tuple();
            case '-', '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> textOrWord();
        };
        depth--;
        return value;
    }

    private PythonLiteral.Dictionary dictionary() throws Malformed {
        expect('{');
        var entries = new LinkedHashMap<String, PythonLiteral>();
        while (peek() != '}') {
            if (!(value() instanceof PythonLiteral.Text(String key))) {
                throw new Malformed("a key that is no text");
            }
            expect(':');
            entries.put(key, value());
            if (peek() != '}') {
                expect(',');
            }
        }
        expect('}');
        return new PythonLiteral.Dictionary(entries);
    }

    private record Listed(List<PythonLiteral> items, boolean comma) {}

    /// From an opening bracket to the closing one.
    private Listed items(char closing) throws Malformed {
        at++;
        var items = new ArrayList<PythonLiteral>();
        boolean comma = false;
        while (peek() != closing) {
            items.add(value());
            comma = peek() == ',';
            if (peek() != closing) {
                expect(',');
            }
        }
        expect(closing);
        return new Listed(items, comma);
    }

    /// `(a)` is `a` itself.
    private PythonLiteral tuple() throws Malformed {
        Listed listed = items(')');
        return listed.items().size() == 1 && !listed.comma()
                ? listed.items().getFirst()
                : new PythonLiteral.Tuple(listed.items());
    }

    private PythonLiteral number() throws Malformed {
        String digits = match(NUMBER).group(1).replaceAll("\\s", "");
        if (digits.length() > LONGEST_NUMBER) {
            throw new Malformed("a number of " + digits.length() + " digits");
        }
        return new PythonLiteral.Whole(new BigInteger(digits));
    }

    private PythonLiteral textOrWord() throws Malformed {
        var text = TEXT.matcher(source).region(at, source.length());
        if (text.lookingAt()) {
            at = text.end();
            return new PythonLiteral.Text(text.group(1) == null ? text.group(2) : text.group(1));
        }
        return switch (match(WORD).group()) {
            case "True" -> new PythonLiteral.Truth(true);
            case "False" -> new PythonLiteral.Truth(false);
            case "None" -> new PythonLiteral.None();
            case String word -> throw new Malformed(word);
        };
    }

    private Matcher match(Pattern pattern) throws Malformed {
        var matcher = pattern.matcher(source).region(at, source.length());
        if (!matcher.lookingAt()) {
            throw new Malformed("at " + at);
        }
        at = matcher.end();
        return matcher;
    }

    private void expect(char expected) throws Malformed {
        if (peek() != expected) {
            throw new Malformed("at " + at);
        }
        at++;
    }

    /// The next character that is no space; 0 at the end.
    private char peek() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        return at < source.length() ? source.charAt(at) : 0;
    }
}
