package dev.lejepa.trainer.layout;

import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A folder of a person's own: `train` and `test` or `val` in it, each with a folder per class.
final class FolderReader implements LayoutReader {
    private static final List<String> TEST = List.of("test", "val");

    @Override
    public List<String> places() {
        return List.of("");
    }

    @Override
    public boolean begins(Path folder) {
        return Files.isDirectory(folder.resolve("train"))
                && TEST.stream().anyMatch(name -> Files.isDirectory(folder.resolve(name)));
    }

    @Override
    public String contents() {
        return "train/ and test/ or val/, each with a folder per class";
    }

    @Override
    public ImageSource read(Path root, Split split) {
        return ImageFolder.of(
                switch (split) {
                    case TRAIN -> root.resolve("train");
                    case TEST ->
                        TEST.stream()
                                .map(root::resolve)
                                .filter(Files::isDirectory)
                                .findFirst()
                                .orElseThrow();
                });
    }
}
