package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files of labels and names, which are read whole.
final class SmallFile {
    /// Far more than any data set's lists take.
    private static final long LARGEST = 256L << 20;

    private SmallFile() {}

    /// @throws BadInputException if there is no such file, or it cannot be read or is far too large
    static byte[] bytes(Path file) {
        InputFile.require(file);
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                throw new BadInputException(
                        Text.format("%s: has %d bytes, expected a list of at most %d", file, size, LARGEST));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cannot be read: %s", file, FileFaults.reason(e)), e);
        }
    }
}
