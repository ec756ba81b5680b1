package dev.lejepa.trainer.source;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// The one door to images: opens what a recipe or an option names.
public final class Sources {
    private Sources() {}

    /// The images that a text names, with their classes. A folder's classes are the folders directly in it.
    ///
    /// @throws BadInputException if there are none, or they cannot be listed
    public static ImageSource open(String text) {
        return ImageFolder.of(path(text));
    }

    /// The same for those who look at images and not at classes: a folder is searched through, however it is arranged.
    ///
    /// @throws BadInputException if there are none, or they cannot be listed
    public static ImageSource openFlat(String text) {
        return ImageFolder.withoutClasses(path(text));
    }

    /// The path that a text is.
    ///
    /// @throws BadInputException if it cannot be one
    public static Path path(String text) {
        try {
            return PathText.path(text);
        } catch (InvalidPathException e) {
            throw new BadInputException(Text.format("'%s' is no path: %s", text, e.getReason()), e);
        }
    }
}
