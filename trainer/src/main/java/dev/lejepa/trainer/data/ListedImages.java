package dev.lejepa.trainer.data;

import java.nio.file.Path;
import java.util.List;

/// Images that a list names, in the order of the list.
///
/// @param classes their names by label
/// @param files relative to the root
public record ListedImages(Path root, List<String> classes, List<Item> files) implements ImageFiles {
    /// A file and its label.
    public record Item(Path file, int label) {}

    public ListedImages {
        classes = List.copyOf(classes);
        files = List.copyOf(files);
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public int label(int image) {
        return files.get(image).label();
    }

    @Override
    public Path name(int image) {
        return files.get(image).file();
    }

    @Override
    public List<String> notes() {
        return List.of();
    }
}
