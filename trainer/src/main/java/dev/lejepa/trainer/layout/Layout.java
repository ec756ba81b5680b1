package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Spelling;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// A data set, by the files of its archive.
public enum Layout {
    /// Describable Textures, split 1; training has its training and validation images.
    DTD(new DtdReader()),
    /// FGVC Aircraft 2013b, by variant; training has its training and validation images. The line with the
    /// photographer's name at the foot of each image stays.
    AIRCRAFT(new AircraftReader()),
    /// Stanford Cars.
    CARS(new CarsReader()),
    /// CIFAR-10, binary or pickled.
    CIFAR10(CifarReader.ten()),
    /// CIFAR-100 by its hundred fine labels, binary or pickled.
    CIFAR100(CifarReader.hundred()),
    /// Oxford Flowers of 102 categories; training has its training and validation images.
    FLOWERS102(new FlowersReader()),
    /// Food-101.
    FOOD101(new FoodReader()),
    /// Oxford-IIIT Pets by its 37 breeds.
    PETS(new PetsReader()),
    /// ImageNet (ILSVRC 2012): its validation images test.
    IMAGENET(new ImageNetReader()),
    /// Any folder with `train` and `test` or `val` in it, each with a folder per class.
    FOLDER(new FolderReader());

    private final LayoutReader reader;

    Layout(LayoutReader reader) {
        this.reader = reader;
    }

    /// The layout of a name as people write it.
    ///
    /// @throws BadInputException if there is none
    public static Layout of(String name) {
        return Arrays.stream(values())
                .filter(layout -> layout.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException(Text.format(
                        "layout '%s' is not known, expected one of %s; nearest is %s",
                        name,
                        String.join(", ", names()),
                        Spelling.nearest(name, names()).orElseThrow())));
    }

    /// All names.
    public static List<String> names() {
        return Arrays.stream(values()).map(Layout::toString).toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Both splits of the data set in a folder: the one that the archive unpacks to, or the one it was unpacked in.
    ///
    /// @throws BadInputException if the data set is not there, or not whole
    public Splits open(Path folder) {
        return open(folder, folder);
    }

    /// The training images of the data set in one folder and the test images of that in another.
    ///
    /// @throws BadInputException if either is not there
    public Splits open(Path train, Path test) {
        return new Splits(read(train, Split.TRAIN), read(test, Split.TEST));
    }

    private ImageSource read(Path folder, Split split) {
        if (!Files.isDirectory(folder)) {
            throw new BadInputException(Text.format(
                    "%s: %s, expected the folder of %s: %s",
                    folder, Files.exists(folder) ? "is a file" : "no such folder", this, reader.contents()));
        }
        return reader.read(root(folder).orElseThrow(() -> elsewhere(folder)), split);
    }

    private Optional<Path> root(Path folder) {
        return reader.places().stream()
                .map(folder::resolve)
                .filter(reader::begins)
                .findFirst();
    }

    private BadInputException elsewhere(Path folder) {
        var others = Arrays.stream(values())
                .filter(layout -> layout != FOLDER && layout.root(folder).isPresent())
                .map(layout -> Text.format("; it looks like %s (--layout %s)", layout, layout))
                .collect(Collectors.joining());
        return new BadInputException(Text.format(
                "%s: is no folder of %s: expected %s%s%s", folder, this, reader.contents(), inside(), others));
    }

    private String inside() {
        var inner = reader.places().stream().filter(place -> !place.isEmpty()).toList();
        return inner.isEmpty() ? "" : ", here or in " + String.join(", ", inner);
    }
}
