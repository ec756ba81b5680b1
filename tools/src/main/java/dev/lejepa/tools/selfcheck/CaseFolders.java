package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Folders of cases, in the order of their names.
public final class CaseFolders {
    private static final Pattern FAMILY = Pattern.compile("\\d\\d(?=\\D|$)");

    private final String label;
    private final List<Path> folders;

    private CaseFolders(String label, List<Path> folders) {
        this.label = label;
        this.folders = folders;
    }

    /// The cases in a folder, or the folder itself if it is one.
    ///
    /// @throws BadInputException if there is none, or the name of one does not begin with a family
    public static CaseFolders open(Path root) throws IOException {
        return open(root, PathText.shown(root));
    }

    /// The same for a folder that messages call by another name than its path.
    public static CaseFolders open(Path root, String label) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new BadInputException(Text.format("%s: no such folder of cases", label));
        }
        var folders = new ArrayList<Path>();
        if (isCase(root)) {
            folders.add(root);
        } else {
            try (var children = Files.list(root)) {
                children.filter(CaseFolders::isCase).sorted().forEach(folders::add);
            }
        }
        if (folders.isEmpty()) {
            throw new BadInputException(
                    Text.format("%s holds no cases: no folder in it has a %s", label, GoldenCase.DESCRIPTION));
        }
        folders.forEach(CaseFolders::family);
        return new CaseFolders(label, folders);
    }

    private static boolean isCase(Path folder) {
        return Files.isRegularFile(folder.resolve(GoldenCase.DESCRIPTION));
    }

    private static String family(Path folder) {
        return family(PathText.name(folder));
    }

    /// The two digits that a case's name begins with.
    static String family(String name) {
        var digits = FAMILY.matcher(name);
        if (!digits.lookingAt()) {
            throw new BadInputException(
                    Text.format("case '%s': its name begins with no family, two digits as in 05_lejepa_loss", name));
        }
        return digits.group();
    }

    /// The cases of these families; of all if none is named.
    ///
    /// @throws BadInputException if a family has no case
    List<Path> of(Set<String> families) {
        var known = new TreeSet<String>();
        folders.forEach(f -> known.add(family(f)));
        var unknown = new TreeSet<>(families);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: no cases of family %s; there are those of %s",
                    label, String.join(", ", unknown), String.join(", ", known)));
        }
        return folders.stream()
                .filter(f -> families.isEmpty() || families.contains(family(f)))
                .toList();
    }
}
