package dev.lejepa.trainer.source;

import dev.lejepa.graphs.PathText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Kinds of files that hold images, by their suffixes.
enum FileKind {
    FOLDER(""),
    TAR(".tar, .tar.gz, .tgz, .tar.zst"),
    TABLE(".parquet"),
    PACKED(".pack"),
    CIFAR(".bin"),
    OTHER("");

    private final String suffixes;

    FileKind(String suffixes) {
        this.suffixes = suffixes;
    }

    private boolean has(String name) {
        return !suffixes.isEmpty() && Arrays.stream(suffixes.split(", ")).anyMatch(name::endsWith);
    }

    /// The kind of a path. What is not there is of the kind that its name promises, else a folder.
    static FileKind of(Path path) {
        if (Files.isDirectory(path)) {
            return FOLDER;
        }
        var name = PathText.name(path).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(kind -> kind.has(name))
                .findFirst()
                .orElse(Files.exists(path) ? OTHER : FOLDER);
    }

    /// All suffixes.
    static String written() {
        return Arrays.stream(values())
                .map(kind -> kind.suffixes)
                .filter(suffixes -> !suffixes.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
