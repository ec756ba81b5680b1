package dev.lejepa.tools.models;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.Registry;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// The names of models.
public final class NamedModels {
    private NamedModels() {}

    /// The names that a pattern with `*` and `?` matches, family by family; at least one.
    ///
    /// @throws BadInputException if it is no pattern or matches none
    public static List<String> matching(String pattern) {
        var matcher = matcher(pattern);
        var names = Registry.names().stream()
                .filter(name -> matcher.matches(Path.of(name)))
                .toList();
        if (names.isEmpty()) {
            throw new BadInputException(
                    Text.format("no model matches '%s'; the nearest name is '%s'", pattern, Registry.nearest(pattern)));
        }
        return names;
    }

    private static PathMatcher matcher(String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new BadInputException(
                    Text.format("'%s' is no pattern such as 'vit_*_patch16_224': %s", pattern, e.getDescription()), e);
        }
    }
}
