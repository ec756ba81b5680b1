package dev.lejepa.trainer.data;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a person may have taken for images of a folder, and is not looked at: pictures whose names end otherwise, and
/// pipes, sockets and devices under an image's name.
final class PassedOver {
    private static final Set<String> PICTURES =
            Set.of("gif", "jfif", "jp2", "jpe", "pbm", "pgm", "pnm", "ppm", "svg", "tga", "tif", "tiff");
    private static final int NAMED_AT_MOST = 10;

    private final Map<String, Integer> pictures = new TreeMap<>();
    private final List<Path> special = new ArrayList<>();

    /// Counts a file that has no image's suffix, if it has that of a picture.
    void addOther(Path file) {
        var name = file.getFileName().toString();
        var suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (PICTURES.contains(suffix)) {
            pictures.merge(suffix, 1, Integer::sum);
        }
    }

    /// Counts an entry that is no file.
    void addSpecial(Path entry) {
        special.add(entry);
    }

    /// A line for each kind that there is.
    List<String> notes(Path root) {
        var notes = new ArrayList<String>();
        if (!pictures.isEmpty()) {
            notes.add(pictureNote());
        }
        if (!special.isEmpty()) {
            notes.add(specialNote(root));
        }
        return List.copyOf(notes);
    }

    private String pictureNote() {
        var count = pictures.values().stream().mapToInt(Integer::intValue).sum();
        var each = pictures.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
        return Text.format(
                "%d file%s passed over: %s (images are read from %s)",
                count, count == 1 ? "" : "s", each, ImageTree.suffixes("and"));
    }

    private String specialNote(Path root) {
        var count = special.size();
        var names = special.stream()
                .limit(NAMED_AT_MOST)
                .map(entry -> PathText.shown(root.relativize(entry)))
                .collect(Collectors.joining(", "));
        return Text.format(
                "%d %s left out: %s%s",
                count,
                count == 1
                        ? "entry that is no file (a pipe, a socket or a device) was"
                        : "entries that are no files (pipes, sockets or devices) were",
                names,
                count > NAMED_AT_MOST ? ", ..." : "");
    }
}
