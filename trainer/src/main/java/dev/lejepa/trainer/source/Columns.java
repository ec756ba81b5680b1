package dev.lejepa.trainer.source;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import java.nio.file.Files;
import java.util.Optional;

/// A text parted into names of files and, behind them, the columns of a table: `*.parquet#image=photo,label=kind`.
///
/// @param files the text before the columns
/// @param image column of the images, where it is said
/// @param label column of the labels, where it is said
record Columns(String files, Optional<String> image, Optional<String> label) {
    /// @throws BadInputException if something else than columns stands behind the names
    static Columns of(String text) {
        int hash = text.lastIndexOf('#');
        if (hash < 0 || text.indexOf('=', hash) < 0 || Files.exists(Sources.path(text))) {
            return new Columns(text, Optional.empty(), Optional.empty());
        }
        var columns = new Columns(text.substring(0, hash), Optional.empty(), Optional.empty());
        for (var part : text.substring(hash + 1).split(",", -1)) {
            var equals = part.indexOf('=');
            var name = Optional.of(part.substring(equals + 1));
            columns = switch (equals < 0 ? part : part.substring(0, equals)) {
                case "image" -> new Columns(columns.files, name, columns.label);
                case "label" -> new Columns(columns.files, columns.image, name);
                default ->
                    throw new BadInputException(Text.format(
                            "%s: '%s' names no column, expected #image=COL,label=COL behind the files",
                            Escapes.unprintable(text), Escapes.unprintable(part)));
            };
        }
        return columns;
    }

    /// Whether any column is said.
    boolean said() {
        return image.isPresent() || label.isPresent();
    }
}
