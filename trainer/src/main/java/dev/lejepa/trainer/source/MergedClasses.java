package dev.lejepa.trainer.source;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/// The classes of several sources together, by their names: a class of one name is one class. Sources with the same
/// classes in the same order keep that order; else the names are sorted bytewise. Where one source has no labels, none
/// of them count.
///
/// @param names by label
/// @param labels of each source's own labels
/// @param notes what a person may not expect
record MergedClasses(List<String> names, List<List<Integer>> labels, List<String> notes) {
    MergedClasses {
        names = List.copyOf(names);
        labels = List.copyOf(labels);
        notes = List.copyOf(notes);
    }

    static MergedClasses of(List<ImageSource> parts) {
        var without = parts.stream().filter(part -> !part.isLabelled()).toList();
        if (!without.isEmpty()) {
            return new MergedClasses(
                    List.of(),
                    List.of(),
                    without.size() == parts.size()
                            ? List.of()
                            : List.of(Text.format(
                                    "labels are left aside, as %s has none",
                                    without.getFirst().place())));
        }
        return in(names(parts), parts, strangers(parts));
    }

    /// @param names of all classes of the parts
    static MergedClasses in(List<String> names, List<ImageSource> parts, List<String> notes) {
        var label = new HashMap<String, Integer>();
        names.forEach(name -> label.put(name, label.size()));
        var labels = parts.stream()
                .map(part -> part.classes().stream().map(label::get).toList())
                .toList();
        return new MergedClasses(names, labels, notes);
    }

    private static List<String> names(List<ImageSource> parts) {
        var first = parts.getFirst().classes();
        if (parts.stream().allMatch(part -> part.classes().equals(first))) {
            return first;
        }
        var names = new TreeSet<String>((a, b) -> Arrays.compareUnsigned(PathText.encoded(a), PathText.encoded(b)));
        parts.forEach(part -> names.addAll(part.classes()));
        return List.copyOf(names);
    }

    /// Sources whose classes none of the others has: that may be meant, or be numbers where others have words.
    private static List<String> strangers(List<ImageSource> parts) {
        var notes = new ArrayList<String>();
        for (var number = 0; number < parts.size(); number++) {
            var part = parts.get(number);
            var others = new HashSet<String>();
            for (var other = 0; other < parts.size(); other++) {
                if (other != number) {
                    others.addAll(parts.get(other).classes());
                }
            }
            if (Collections.disjoint(part.classes(), others)) {
                notes.add(Text.format(
                        "none of the %d classes of %s (the first is '%s') is one of another source",
                        part.classes().size(), part.place(), part.classes().getFirst()));
            }
        }
        return notes;
    }

    /// The label of a source's own one.
    int label(int part, int own) {
        return names.isEmpty() || own == ImageSource.UNLABELLED
                ? ImageSource.UNLABELLED
                : labels.get(part).get(own);
    }
}
