package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What ImageNet's validation images show, where they lie in one folder.
///
/// @param file that says so
/// @param images one each
record ImageNetTruth(Path file, List<Image> images) {
    private static final String NUMBERS = "ILSVRC2012_validation_ground_truth.txt";
    private static final String NAMES = "imagenet_2012_validation_synset_labels.txt";
    private static final String KAGGLE = "LOC_val_solution.csv";
    private static final String KAGGLE_HEAD = "ImageId,";

    /// @param name of the file
    /// @param wordNet the class by WordNet's number
    record Image(Path name, String wordNet) {}

    /// The first that is there: the development kit's ground truth, a line an image, a number or WordNet's number each;
    /// the same under TensorFlow's name; Kaggle's table.
    ///
    /// @param folders to look in
    static ImageNetTruth find(List<Path> folders, Optional<Synsets> synsets) {
        return Synsets.first(folders, NUMBERS)
                .or(() -> Synsets.first(folders, NAMES))
                .map(file -> ofLines(TextList.read(file), synsets))
                .or(() -> Synsets.first(folders, KAGGLE).map(file -> ofTable(TextList.read(file))))
                .orElseThrow(() -> new BadInputException(Text.format(
                        "%s: its validation images lie in one folder, and nothing says what they show; expected %s"
                                + " (with meta.mat), %s or %s beside it, or a folder per class",
                        folders.getFirst(), NUMBERS, NAMES, KAGGLE)));
    }

    private static ImageNetTruth ofLines(TextList list, Optional<Synsets> synsets) {
        var images = new ArrayList<Image>();
        for (TextList.Line line : list.lines()) {
            String name = Text.format("ILSVRC2012_val_%08d.JPEG", images.size() + 1);
            images.add(new Image(list.path(line, name), wordNet(list, line, synsets)));
        }
        return new ImageNetTruth(list.file(), images);
    }

    private static String wordNet(TextList list, TextList.Line line, Optional<Synsets> synsets) {
        if (ImageNetReader.isClass(line.text())) {
            return line.text();
        }
        var known = synsets.map(Synsets::ofNumber)
                .filter(numbers -> !numbers.isEmpty())
                .orElseThrow(() -> new BadInputException(Text.format(
                        "%s: holds numbers of classes; expected meta.mat of the development kit (or map_clsloc.txt)"
                                + " beside it, which says what they are",
                        list.file())));
        int number = list.number(
                line, line.text(), known.keySet().stream().max(Integer::compare).orElseThrow(), "a class");
        String found = known.get(number);
        if (found == null) {
            throw list.bad(
                    line,
                    Text.format("a number that %s has", synsets.orElseThrow().source()));
        }
        return found;
    }

    /// `ILSVRC2012_val_00048981,n03995372 85 131 499 499`: the class of the first box is that of the image.
    private static ImageNetTruth ofTable(TextList list) {
        var images = new ArrayList<Image>();
        for (TextList.Line line : list.lines()) {
            if (!line.text().startsWith(KAGGLE_HEAD)) {
                String[] columns = line.text().split("[, ]", 3);
                if (columns.length < 2 || !ImageNetReader.isClass(columns[1])) {
                    throw list.bad(line, "the name of an image, a comma and WordNet's number");
                }
                images.add(new Image(list.path(line, columns[0] + ".JPEG"), columns[1]));
            }
        }
        return new ImageNetTruth(list.file(), images);
    }
}
