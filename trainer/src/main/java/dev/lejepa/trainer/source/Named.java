package dev.lejepa.trainer.source;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.layout.CifarSource;
import dev.lejepa.trainer.packed.PackedImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// What a text names: by the names of the files, and of a packed file by its first bytes.
sealed interface Named {
    /// A folder of images.
    record Folder(Path root) implements Named {}

    /// Shards in WebDataset's form.
    record Tars(String place, List<Path> files) implements Named {}

    /// Tables in the form of Hugging Face's image sets.
    record Tables(String place, List<Path> files, Columns columns) implements Named {}

    /// A file of `data pack`.
    record Packed(Path file) implements Named {}

    /// A folder as one of CIFAR's archives makes it: its training images.
    record CifarFolder(Path root) implements Named {}

    /// Binary batches of CIFAR.
    record CifarBatches(String place, List<Path> files) implements Named {}

    /// A file of another kind.
    record Other(Path file) implements Named {}

    /// @throws BadInputException if nothing has such a name, or files of several kinds have
    static Named of(String text) {
        var columns = Columns.of(text);
        var files = NamePattern.expand(columns.files());
        if (files.size() == 1 && Files.isRegularFile(files.getFirst()) && PackedImages.isPacked(files.getFirst())) {
            return new Packed(files.getFirst()); // whatever its name
        }
        var kind = kind(text, files);
        if (columns.said() && kind != FileKind.TABLE) {
            throw new BadInputException(Text.format(
                    "%s: has columns behind its name, which only .parquet files have", Escapes.unprintable(text)));
        }
        if (kind != FileKind.FOLDER) {
            files.forEach(InputFile::require);
        }
        var place = Escapes.unprintable(text);
        return switch (kind) {
            case FOLDER -> folder(text, files);
            case TAR -> new Tars(place, files);
            case TABLE -> new Tables(place, files, columns);
            case PACKED -> packed(text, files);
            case CIFAR -> new CifarBatches(place, files);
            case OTHER -> new Other(files.getFirst());
        };
    }

    private static Named packed(String text, List<Path> files) {
        if (files.size() > 1) {
            throw new BadInputException(Text.format(
                    "%s: names %d packed files, expected one; a list of them is a mixture",
                    Escapes.unprintable(text), files.size()));
        }
        return new Packed(files.getFirst());
    }

    private static Named folder(String text, List<Path> folders) {
        if (folders.size() > 1) {
            throw new BadInputException(Text.format(
                    "%s: names %d folders, expected one; a list of folders is a mixture of them",
                    Escapes.unprintable(text), folders.size()));
        }
        var root = folders.getFirst();
        return CifarSource.isIn(root) ? new CifarFolder(root) : new Folder(root);
    }

    /// The kind of all files.
    private static FileKind kind(String text, List<Path> files) {
        var kinds = new LinkedHashMap<FileKind, Path>();
        files.forEach(file -> kinds.putIfAbsent(FileKind.of(file), file));
        if (kinds.size() > 1 || (kinds.containsKey(FileKind.OTHER) && files.size() > 1)) {
            throw new BadInputException(Text.format(
                    "%s: names %d files, expected files of one kind (%s), found %s",
                    Escapes.unprintable(text),
                    files.size(),
                    FileKind.written(),
                    kinds.values().stream()
                            .map(file ->
                                    PathText.shown(file.getFileName()) + (Files.isDirectory(file) ? ", a folder" : ""))
                            .collect(Collectors.joining(" and "))));
        }
        return kinds.firstEntry().getKey();
    }
}
