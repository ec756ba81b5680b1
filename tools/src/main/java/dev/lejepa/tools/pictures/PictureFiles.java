package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Where pictures of images go: in a folder, under the images' own names and in folders like theirs.
public final class PictureFiles {
    /// The ending of a picture's name.
    public static final String STILL = ".png";

    /// The ending of the name of a picture that moves.
    public static final String MOVING = ".gif";

    private final List<Path> stems;
    /// Images, wherever links to them lie.
    private final Set<Path> read;

    /// @param folder that pictures go to; made with those below it where it is not there
    /// @throws BadInputException if an image lies where a picture would go
    public PictureFiles(PictureSource.Images images, Path folder) throws IOException {
        var stems = new ArrayList<Path>();
        var taken = new HashSet<Path>();
        for (var image = 0; image < images.size(); image++) {
            var name = images.path(image);
            var stem = folder.resolve(PathText.sibling(name, withoutSuffix(PathText.text(name.getFileName()))));
            // two images that differ by their suffix alone keep it
            var own = taken.add(stem) ? stem : folder.resolve(name);
            taken.add(own);
            stems.add(own);
        }
        this.stems = List.copyOf(stems);
        this.read = real(images);
        for (var i = 0; i < stems.size(); i++) {
            free(i, STILL);
            free(i, MOVING);
        }
    }

    private static String withoutSuffix(String name) {
        var dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static Set<Path> real(PictureSource.Images images) throws IOException {
        var real = new HashSet<Path>();
        for (var image : images.numbers()) {
            var file = images.source().file(image);
            if (Files.exists(file)) {
                real.add(file.toRealPath());
            }
        }
        return real;
    }

    /// The file for a picture of an image, whose folder is there.
    ///
    /// @param ending what follows the image's name, such as `-mean.png`
    /// @throws BadInputException if an image lies there
    public Path file(int image, String ending) throws IOException {
        var file = free(image, ending);
        Files.createDirectories(file.toAbsolutePath().getParent());
        return file;
    }

    private Path free(int image, String ending) throws IOException {
        var file = PathText.withSuffix(stems.get(image), ending);
        if (Files.exists(file) && read.contains(file.toRealPath())) {
            throw new BadInputException(
                    Text.format("--out: %s is an image that is read; give another folder", PathText.shown(file)));
        }
        return file;
    }
}
