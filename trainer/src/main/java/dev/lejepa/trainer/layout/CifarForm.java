package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// One of the forms in which CIFAR is distributed.
sealed interface CifarForm permits CifarBinary, CifarPickles {
    /// Files of training images, in order.
    List<String> train();

    /// The file of test images.
    String test();

    /// The file of class names.
    String names();

    /// All files of images.
    default List<String> files() {
        return Stream.concat(train().stream(), Stream.of(test())).toList();
    }

    /// The names in order.
    List<String> classes(Path file);

    /// The images of a file.
    ///
    /// @param name of the file, relative to `root`
    /// @throws BadInputException if it is missing or damaged, or has labels of no class
    CifarImages.Batch batch(Path root, Path name, int classes);

    /// @throws BadInputException if a label is none of the classes'
    static void requireLabels(Path file, int[] labels, int classes) {
        for (int image = 0; image < labels.length; image++) {
            if (labels[image] < 0 || labels[image] >= classes) {
                throw new BadInputException(Text.format(
                        "%s: image %d has label %d, expected 0 to %d", file, image, labels[image], classes - 1));
            }
        }
    }
}
