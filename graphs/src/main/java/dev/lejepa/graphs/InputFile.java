package dev.lejepa.graphs;

import java.nio.file.Files;
import java.nio.file.Path;

/// A file that is to be read. What is none is refused before it is opened: a pipe without a writer is waited for
/// without end.
public final class InputFile {
    private InputFile() {}

    /// @throws BadInputException where there is no such file, or something else has this name
    public static void require(Path file) {
        if (Files.isRegularFile(file)) {
            return;
        }
        if (Files.isDirectory(file)) {
            throw new BadInputException(Text.format("%s: is a folder, expected a file", file));
        }
        throw new BadInputException(
                (Files.exists(file)
                        ? Text.format("%s: is a pipe, a socket or a device, expected a file", file)
                        : Text.format("%s: no such file", file)));
    }
}
