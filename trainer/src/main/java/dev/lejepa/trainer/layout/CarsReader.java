package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OneLine;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/// Stanford Cars: `cars_train/` and `cars_test/`, and MATLAB files of the images' classes, which count from 1. Those of
/// the test images are a file of their own, beside the `devkit` or in it.
final class CarsReader implements LayoutReader {
    private static final String META = "devkit/cars_meta.mat";
    private static final String TRAIN = "devkit/cars_train_annos.mat";
    private static final String TEST = "cars_test_annos_withlabels.mat";
    private static final String VARIABLE = "annotations";

    @Override
    public List<String> places() {
        return List.of("", "stanford_cars", "stanford-cars", "cars");
    }

    @Override
    public boolean begins(Path folder) {
        return Files.isRegularFile(folder.resolve(META)) || Files.isRegularFile(folder.resolve(TRAIN));
    }

    @Override
    public String contents() {
        return "devkit/cars_meta.mat, devkit/cars_train_annos.mat, cars_test_annos_withlabels.mat, cars_train/ and"
                + " cars_test/";
    }

    @Override
    public ImageSource read(Path root, Split split) {
        List<String> classes = MatFile.read(root.resolve(META)).texts("class_names");
        Path list = root.resolve(split == Split.TRAIN ? TRAIN : labelsOfTest(root));
        MatFile annotations = MatFile.read(list);
        List<String> names = annotations.texts(VARIABLE, "fname");
        int[] labels = annotations.wholes(VARIABLE, "class");
        String folder = folder(root, split == Split.TRAIN ? "cars_train" : "cars_test");
        var images = new ImageList(root, classes);
        for (int i = 0; i < labels.length; i++) {
            requireLabel(list, i, names.get(i), labels[i], classes.size());
            images.add(path(list, folder + "/" + names.get(i)), labels[i] - 1);
        }
        return images.whole(PathText.shown(root.relativize(list)));
    }

    private static String labelsOfTest(Path root) {
        return Files.exists(root.resolve("devkit/" + TEST)) ? "devkit/" + TEST : TEST;
    }

    /// The folder of a split, which some archives wrap in another of its name.
    private static String folder(Path root, String name) {
        String twice = name + "/" + name;
        return Files.isDirectory(root.resolve(twice)) ? twice : name;
    }

    private static void requireLabel(Path list, int image, String name, int label, int classes) {
        if (label < 1 || label > classes) {
            throw new BadInputException(Text.format(
                    "%s: image %d (%s) has class %d, expected 1 to %d",
                    list, image + 1, OneLine.of(name), label, classes));
        }
    }

    private static Path path(Path list, String name) {
        try {
            return PathText.path(name);
        } catch (InvalidPathException e) {
            throw new BadInputException(Text.format("%s: '%s' is no name of an image", list, OneLine.of(name)), e);
        }
    }
}
