package dev.lejepa.graphs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/// Where the content of a file that somebody names really goes.
sealed interface Destination {
    /// A regular file, or a name that is free: replaced as a whole.
    ///
    /// @param file behind all links, so that a link stays one
    record Replaced(Path file) implements Destination {
        /// The folder that the file lies in.
        Path folder() {
            return Objects.requireNonNull(file.getParent(), "a file has a folder");
        }
    }

    /// A character device, a pipe, or what a process has open: written to as it stands.
    record Written(Path stream) implements Destination {}

    /// More links than any system follows.
    int LINKS = 40;

    /// @throws IOException where no file can be written under this name; its message says why
    static Destination of(Path file) throws IOException {
        var place = file.toAbsolutePath();
        for (var links = 0; links < LINKS; links++) {
            var found = attributes(file, place);
            if (found.isEmpty()) {
                return new Replaced(place);
            }
            if (!found.get().isSymbolicLink()) {
                return standing(file, place, found.get());
            }
            if (place.resolveSibling("").toRealPath().startsWith("/proc")) {
                return new Written(file.toAbsolutePath()); // not a link to a name but the open file itself
            }
            place = place.resolveSibling(Files.readSymbolicLink(place));
        }
        throw new IOException(Text.format("%s: its links lead in a circle", file));
    }

    private static Destination standing(Path file, Path place, BasicFileAttributes found) throws IOException {
        if (found.isDirectory()) {
            throw new IOException(Text.format("%s: is a folder, expected the name of a file", file));
        }
        if (found.isOther() && !takesBytes(place)) {
            throw new IOException(Text.format("%s: is neither a file nor a pipe nor a device for characters", file));
        }
        if (!Files.isWritable(place)) {
            throw new IOException(Text.format("%s: may not be written", file));
        }
        return found.isOther() ? new Written(place) : new Replaced(place);
    }

    /// True of a pipe and a character device, by the kind in a Unix mode. A socket takes no bytes by its name, and
    /// nobody means a disk.
    private static boolean takesBytes(Path place) throws IOException {
        var kind = (int) Files.getAttribute(place, "unix:mode") & 0170000;
        return kind == 0010000 || kind == 0020000;
    }

    private static Optional<BasicFileAttributes> attributes(Path file, Path place) throws IOException {
        try {
            return Optional.of(Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            requireFolder(file, place);
            return Optional.empty();
        } catch (FileSystemException e) {
            requireFolder(file, place);
            throw new IOException(Text.format("%s: %s", file, FileFaults.reason(e)), e);
        }
    }

    private static void requireFolder(Path file, Path place) throws IOException {
        var folder = place.resolveSibling("");
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    (Files.exists(folder)
                            ? Text.format("%s: %s is no folder", file, folder)
                            : Text.format("%s: its folder %s does not exist", file, folder)));
        }
    }
}
