package dev.lejepa.trainer.parquet;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.schema.ColumnSchema;
import dev.hardwood.schema.FileSchema;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The columns of a table that matter.
///
/// @param image has the bytes of encoded images
/// @param path has what images were called, if there is one
/// @param label numbers or texts, if there is one
record TableColumns(ColumnSchema image, Optional<String> path, Optional<String> label) {
    private static final String IMAGE = "image";
    private static final String LABEL = "label";
    private static final String BYTES = ".bytes";
    private static final String PATH = ".path";

    /// Finds them.
    ///
    /// @throws BadInputException if there are none
    static TableColumns find(Path file, FileSchema schema, ColumnChoice choice) {
        var leaves = schema.getColumns();
        var image = image(leaves, choice.image())
                .orElseThrow(() -> refused(file, leaves, choice.image().orElse(IMAGE)));
        var name = image.fieldPath().toString();
        var path = name.endsWith(BYTES) ? name.substring(0, name.length() - BYTES.length()) + PATH : "";
        return new TableColumns(
                image,
                named(leaves, path).filter(TableColumns::isText).map(leaf -> path),
                label(file, leaves, choice.label()));
    }

    private static Optional<ColumnSchema> image(List<ColumnSchema> leaves, Optional<String> wanted) {
        var name = wanted.orElse(IMAGE);
        var usual = named(leaves, name + BYTES).or(() -> named(leaves, name)).filter(TableColumns::isBinary);
        if (usual.isPresent() || wanted.isPresent()) {
            return usual;
        }
        var candidates = leaves.stream().filter(TableColumns::isBinary).toList();
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }

    private static Optional<String> label(Path file, List<ColumnSchema> leaves, Optional<String> wanted) {
        var name = wanted.orElse(LABEL);
        var found = named(leaves, name);
        if (wanted.isPresent() && found.isEmpty() || found.isPresent() && !isLabel(found.get())) {
            throw new BadInputException(Text.format(
                    "%s: has no column %s of whole numbers or texts for labels; its columns are %s; say which by #label=COLUMN",
                    PathText.shown(file), Escapes.unprintable(name), all(leaves)));
        }
        return found.map(leaf -> name);
    }

    private static BadInputException refused(Path file, List<ColumnSchema> leaves, String name) {
        var paths = named(leaves, name + PATH)
                .or(() -> named(leaves, name))
                .filter(TableColumns::isText)
                .map(leaf -> Text.format(
                        " (%s has names of files only: write the table with the images' bytes in it)",
                        leaf.fieldPath()))
                .orElse("");
        return new BadInputException(Text.format(
                "%s: has no column of images: wanted %s.bytes or %s, of bytes; its columns are %s%s; say which by #image=COLUMN",
                PathText.shown(file), Escapes.unprintable(name), Escapes.unprintable(name), all(leaves), paths));
    }

    private static Optional<ColumnSchema> named(List<ColumnSchema> leaves, String name) {
        return leaves.stream()
                .filter(leaf -> leaf.fieldPath().matchesDottedName(name))
                .findFirst();
    }

    private static boolean isBinary(ColumnSchema leaf) {
        return leaf.type() == PhysicalType.BYTE_ARRAY && leaf.maxRepetitionLevel() == 0 && !isText(leaf);
    }

    private static boolean isText(ColumnSchema leaf) {
        return leaf.type() == PhysicalType.BYTE_ARRAY
                && leaf.maxRepetitionLevel() == 0
                && leaf.logicalType() instanceof LogicalType.StringType;
    }

    static boolean isNumber(ColumnSchema leaf) {
        return (leaf.type() == PhysicalType.INT64 || leaf.type() == PhysicalType.INT32)
                && leaf.maxRepetitionLevel() == 0;
    }

    private static boolean isLabel(ColumnSchema leaf) {
        return isNumber(leaf) || isText(leaf);
    }

    private static String all(List<ColumnSchema> leaves) {
        return leaves.stream()
                .map(leaf -> Text.format(
                        "%s (%s)",
                        Escapes.unprintable(leaf.fieldPath().toString()),
                        leaf.logicalType() instanceof LogicalType.StringType
                                ? "text"
                                : leaf.type().toString().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
    }
}
