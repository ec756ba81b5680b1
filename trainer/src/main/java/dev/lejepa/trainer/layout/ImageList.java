package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ListedImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Gathers the images that lists name, and looks whether all of them are there.
final class ImageList {
    private static final int NAMED_AT_MOST = 10;

    private final Path root;
    private final List<String> classes;
    private final List<ListedImages.Item> items = new ArrayList<>();

    /// @param root where the files begin
    /// @param classes their names by label
    ImageList(Path root, List<String> classes) {
        this.root = root;
        this.classes = classes;
    }

    /// Appends an image.
    ///
    /// @param file relative to the root
    void add(Path file, int label) {
        items.add(new ListedImages.Item(file, label));
    }

    /// The images, which were found where they are.
    ImageSource found() {
        return new ListedImages(root, classes, items);
    }

    /// The images, once it is known that all of them are there.
    ///
    /// @param lists what names the images, for messages
    /// @throws BadInputException if files are missing, or there are none
    ImageSource whole(String lists) {
        if (items.isEmpty()) {
            throw new BadInputException(Text.format("%s: %s names no image of this split", root, lists));
        }
        List<Path> missing = items.stream()
                .parallel()
                .map(ListedImages.Item::file)
                .filter(file -> !Files.exists(root.resolve(file)))
                .toList();
        if (!missing.isEmpty()) {
            String names =
                    missing.stream().limit(NAMED_AT_MOST).map(PathText::shown).collect(Collectors.joining(", "));
            throw new BadInputException(Text.format(
                    "%s: %d of %d images that %s names are missing: %s%s",
                    root, missing.size(), items.size(), lists, names, missing.size() > NAMED_AT_MOST ? ", ..." : ""));
        }
        return found();
    }
}
