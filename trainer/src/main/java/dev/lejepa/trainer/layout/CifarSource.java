package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// CIFAR's images without a word of data sets: the training images of a folder, or some of the binary batches.
public final class CifarSource {
    private CifarSource() {}

    /// Whether a folder is one that CIFAR's archives make.
    public static boolean isIn(Path folder) {
        return readers().anyMatch(reader -> reader.begins(folder));
    }

    /// The training images of such a folder.
    ///
    /// @throws BadInputException if files are missing or damaged
    public static ImageSource training(Path folder) {
        return readers()
                .filter(reader -> reader.begins(folder))
                .findFirst()
                .orElseThrow()
                .read(folder, Split.TRAIN);
    }

    /// The images of binary batches. Classes have the names that a list beside the batches gives them, else numbers.
    ///
    /// @param place what messages call them
    /// @param files one or more
    /// @throws BadInputException if they lie in several folders, or are damaged
    public static ImageSource batches(String place, List<Path> files) {
        var folder = files.getFirst().resolveSibling("");
        if (files.stream().anyMatch(file -> !file.resolveSibling("").equals(folder))) {
            throw new BadInputException(
                    Text.format("%s: names batches in several folders; a list of these is a mixture", place));
        }
        var form = form(files.getFirst());
        var names = folder.resolve(form.names());
        var classes = Files.isRegularFile(names)
                ? form.classes(names)
                : IntStream.range(0, form.most()).mapToObj(Integer::toString).toList();
        var batches = new ArrayList<CifarImages.Batch>();
        for (var file : files) {
            batches.add(form.batch(folder, PathText.path(PathText.name(file)), classes.size()));
        }
        return new CifarImages(place, folder, classes, batches);
    }

    private static Stream<CifarReader> readers() {
        return Stream.of(CifarReader.ten(), CifarReader.hundred());
    }

    /// CIFAR-100's where its list of names lies beside the batch, or, where there is no list at all, by the batch's
    /// size.
    private static CifarBinary form(Path batch) {
        var ten = CifarReader.ten().binary();
        var hundred = CifarReader.hundred().binary();
        if (Files.isRegularFile(batch.resolveSibling(ten.names()))) {
            return ten;
        }
        var other = Files.isRegularFile(batch.resolveSibling(hundred.names()))
                || (!isOf(ten, batch) && isOf(hundred, batch));
        return other ? hundred : ten;
    }

    private static boolean isOf(CifarBinary form, Path batch) {
        try {
            return Files.size(batch) % (form.labelBytes() + CifarImages.PIXEL_BYTES) == 0;
        } catch (IOException e) {
            return false; // told where it is opened
        }
    }
}
