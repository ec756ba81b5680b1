package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/// The places that options name for results, looked at before any work is done: what could not be written at the end is
/// refused in the beginning.
final class OutputPlace {
    private OutputPlace() {}

    /// A file that can be written: a name in a folder that is there and may be written, which no folder has.
    ///
    /// @param option its name, such as `out`
    /// @param inputs what the command reads
    /// @throws BadInputException where it cannot, or is one of the inputs
    static void requireFile(String option, Path file, List<Path> inputs) {
        for (var input : inputs) {
            if (isSame(file, input)) {
                throw new BadInputException(
                        Text.format("--%s %s: is %s, which is read; give another name", option, file, input));
            }
        }
        probe(option, file);
    }

    /// A file that is no image that is read, nor holds any: it would be replaced by the result.
    static void requireNoImage(String option, Path file, ImageSource source) {
        if (!Files.isRegularFile(file) || (source.isFile(0) && !ImageFolder.isImageName(file))) {
            return;
        }
        var before = Optional.<Path>empty();
        for (var image = 0; image < source.size(); image++) {
            var place = source.file(image);
            if (!before.equals(Optional.of(place)) && isSame(file, place)) { // a shard is asked once
                var what = source.isFile(image) ? "is an image" : "holds images";
                throw refused(option, file, Text.format("%s of %s; give another name", what, source.place()));
            }
            before = Optional.of(place);
        }
    }

    /// A picture that takes no image's place, nor comes to lie among images.
    ///
    /// @param data what a person called the source
    static void requireNoImage(String option, Path picture, ImageSource source, String data) throws IOException {
        requireNoImage(option, picture, source);
        if (ImageFolder.isImageName(picture) && source.size() > 0 && source.isFile(0)) {
            requireOutside(option, picture, PathText.path(data));
        }
    }

    /// A place that is not in a folder of images: what is written there would be read with them the next time.
    ///
    /// @param data what is read, which need not be a folder
    static void requireOutside(String option, Path place, Path data) throws IOException {
        if (Files.isDirectory(data) && real(place).startsWith(data.toRealPath())) {
            throw refused(
                    option,
                    place,
                    Text.format("lies in %s, so it would be read with the images there; give a place elsewhere", data));
        }
    }

    /// A place without links, which need not be there itself.
    private static Path real(Path place) throws IOException {
        var whole = place.toAbsolutePath();
        for (var known = whole; known != null; known = known.getParent()) {
            if (Files.exists(known)) {
                return known.toRealPath().resolve(known.relativize(whole));
            }
        }
        return whole;
    }

    /// A folder that is there and may be written, or can be made with those above it.
    static void requireFolder(String option, Path folder) {
        var fault = Optional.<FileSystemException>empty();
        for (var place = folder.toAbsolutePath(); place != null; place = place.getParent()) {
            try {
                var found = Files.readAttributes(place, BasicFileAttributes.class);
                if (!found.isDirectory()) {
                    var itself = place.equals(folder.toAbsolutePath());
                    throw refused(option, folder, itself ? "is a file, must be a folder" : place + " is no folder");
                }
                if (fault.isPresent()) {
                    throw refused(option, folder, FileFaults.reason(fault.get()));
                }
                requireWritable(option, folder, place);
                return;
            } catch (NoSuchFileException e) {
                if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                    throw refused(option, folder, Text.format("%s is a link to what does not exist", place));
                }
            } catch (FileSystemException e) {
                fault = Optional.of(e);
            } catch (IOException e) {
                throw refused(option, folder, FileFaults.reason(e));
            }
        }
    }

    /// The beginning of the names of files that can be written.
    static void requirePrefix(String option, Path prefix) {
        if (Files.isDirectory(prefix)) {
            throw refused(option, prefix, "is a folder, expected the beginning of a file's name");
        }
        requireWritable(option, prefix, prefix.toAbsolutePath().resolveSibling(""));
    }

    private static void requireWritable(String option, Path asked, Path folder) {
        try {
            OutputFile.requireWritable(folder);
        } catch (IOException e) {
            var fault = e.getCause() instanceof IOException cause ? cause : e;
            throw refused(
                    option, asked, Text.format("no file can be made in %s: %s", folder, FileFaults.reason(fault)));
        }
    }

    /// Only an attempt tells: rights, file systems that are mounted for reading, and folders that are none all differ.
    private static void probe(String option, Path file) {
        try (var probe = OutputFile.create(file)) {
            probe.channel().position(0);
        } catch (IOException e) {
            throw new BadInputException(Text.format("--%s %s", option, FileFaults.reason(e)), e);
        }
    }

    private static boolean isSame(Path file, Path input) {
        try {
            return Files.exists(file) && Files.exists(input) && Files.isSameFile(file, input);
        } catch (IOException e) {
            return false; // told by whoever opens them
        }
    }

    private static BadInputException refused(String option, Path place, String why) {
        return new BadInputException(Text.format("--%s %s: %s", option, place, why));
    }
}
