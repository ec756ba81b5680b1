package dev.lejepa.trainer.source;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The files that a pattern stands for: names with `*`, `?`, `[abc]` and braces, in each folder of the path. The names
/// of braces come in their order, those of a glob bytewise. A name that is there just as it is written is no pattern.
final class NamePattern {
    private static final int NAMED_AT_MOST = 10;
    private static final Pattern GLOB = Pattern.compile("[*?\\[]");

    private final String text;

    private NamePattern(String text) {
        this.text = text;
    }

    /// The files of a text that has braces or a glob, or the one path that it is.
    ///
    /// @throws BadInputException if nothing matches, or a name of its braces is not there
    static List<Path> expand(String text) {
        var path = Sources.path(text);
        if (Files.exists(path) || !(GLOB.matcher(text).find() || text.contains("{"))) {
            return List.of(path);
        }
        return new NamePattern(text).files();
    }

    private List<Path> files() {
        var found = new LinkedHashSet<Path>();
        var missing = new ArrayList<Path>();
        for (var name : Braces.expand(text)) {
            var path = Sources.path(name);
            if (Files.exists(path)) {
                found.add(path);
            } else if (GLOB.matcher(name).find()) {
                found.addAll(glob(name));
            } else {
                missing.add(path);
            }
        }
        if (!missing.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: %d of the files that it names %s not there: %s; %s",
                    shown(),
                    missing.size(),
                    missing.size() == 1 ? "is" : "are",
                    missing.stream().limit(NAMED_AT_MOST).map(PathText::shown).collect(Collectors.joining(", "))
                            + (missing.size() > NAMED_AT_MOST ? ", ..." : ""),
                    holds(missing.getFirst())));
        }
        if (found.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: matches no file; %s",
                    shown(), holds(Sources.path(Braces.expand(text).getFirst()))));
        }
        return List.copyOf(found);
    }

    private List<Path> glob(String name) {
        var places = List.of(Sources.path(name.startsWith("/") ? "/" : ""));
        for (var part : name.split("/+")) {
            if (!part.isEmpty()) {
                places = GLOB.matcher(part).find() ? matching(places, part) : below(places, part);
            }
        }
        var found = new ArrayList<>(places);
        Collections.sort(found);
        return found;
    }

    private static List<Path> below(List<Path> places, String name) {
        return places.stream()
                .map(place -> place.resolve(Sources.path(name)))
                .filter(Files::exists)
                .toList();
    }

    private List<Path> matching(List<Path> places, String glob) {
        var pattern = Pattern.compile(regex(glob), Pattern.DOTALL);
        var found = new ArrayList<Path>();
        for (var place : places) {
            for (var entry : entries(place)) {
                var name = PathText.text(entry.getFileName());
                if (pattern.matcher(name).matches() && (glob.startsWith(".") || !name.startsWith("."))) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    private List<Path> entries(Path folder) {
        try {
            return listed(folder);
        } catch (NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new BadInputException(
                    Text.format("%s: cannot list %s: %s", shown(), folder, FileFaults.reason(e)), e);
        }
    }

    /// What is in a folder, in its order; a relative one's entries are relative too.
    private static List<Path> listed(Path folder) throws IOException {
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entry -> entries.add(folder.resolve(entry.getFileName())));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(entries);
        return entries;
    }

    /// The part of a name as an expression: `*` any characters, `?` one, `[a-z]` and `[!a-z]` one of or none of these.
    static String regex(String glob) {
        var regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            int close = c == '[' ? glob.indexOf(']', i + 2) : -1;
            if (close > 0) {
                var inside = glob.substring(i + 1, close);
                var not = inside.startsWith("!") || inside.startsWith("^");
                regex.append(not ? "[^" : "[")
                        .append((not ? inside.substring(1) : inside).replaceAll("([\\\\\\[\\]&^])", "\\\\$1"))
                        .append(']');
                i = close;
            } else {
                regex.append(
                        switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(String.valueOf(c));
                        });
            }
        }
        return regex.toString();
    }

    /// What lies where nothing was found.
    private static String holds(Path wanted) {
        var place = wanted.toAbsolutePath().getParent();
        while (place != null && !Files.isDirectory(place)) {
            place = place.getParent();
        }
        if (place == null) {
            return "there is no such folder";
        }
        try {
            var names = listed(place).stream()
                    .map(entry -> PathText.shown(entry.getFileName()))
                    .toList();
            var first = names.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", "));
            return names.isEmpty()
                    ? Text.format("%s is empty", place)
                    : Text.format("%s holds %s%s", place, first, names.size() > NAMED_AT_MOST ? ", ..." : "");
        } catch (IOException e) {
            return Text.format("%s cannot be listed", place);
        }
    }

    private String shown() {
        return Escapes.unprintable(text);
    }
}
