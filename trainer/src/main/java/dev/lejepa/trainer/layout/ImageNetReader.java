package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// ImageNet: `train` with a folder per class, named by WordNet's number, and `val` likewise or with all images in it and
/// a file that says what they show. Labels are the places of WordNet's numbers in their order.
final class ImageNetReader implements LayoutReader {
    private static final List<String> TRAIN = List.of("train", "ILSVRC2012_img_train");
    private static final List<String> VAL = List.of("val", "ILSVRC2012_img_val");
    /// Where the development kit may lie.
    private static final List<String> KIT = List.of("", "data", "devkit/data", "ILSVRC2012_devkit_t12/data");
    private static final String KAGGLE = "ILSVRC/Data/CLS-LOC";
    private static final Pattern CLASS = Pattern.compile("n\\d{8}");
    private static final Pattern FLAT = Pattern.compile("ILSVRC2012_val_\\d{8}\\.JPEG");
    /// Entries that are looked at to tell a folder of this data set from others.
    private static final int LOOKED_AT = 50;

    @Override
    public List<String> places() {
        return List.of("", "imagenet", "ILSVRC2012", KAGGLE);
    }

    static boolean isClass(String name) {
        return CLASS.matcher(name).matches();
    }

    @Override
    public boolean begins(Path folder) {
        return Stream.concat(TRAIN.stream(), VAL.stream()).map(folder::resolve).anyMatch(ImageNetReader::isSplit);
    }

    private static boolean isSplit(Path folder) {
        return holds(folder, CLASS) || holds(folder, FLAT);
    }

    private static boolean holds(Path folder, Pattern name) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            int looked = 0;
            for (Path entry : entries) {
                if (name.matcher(PathText.name(entry)).matches()) {
                    return true;
                }
                if (++looked == LOOKED_AT) {
                    return false;
                }
            }
            return false;
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cannot list the folder: %s", folder, FileFaults.reason(e)), e);
        }
    }

    @Override
    public String contents() {
        return "train/ with a folder per class (n01440764), and val/ likewise or with ILSVRC2012_val_00000001.JPEG and"
                + " so on, and ILSVRC2012_validation_ground_truth.txt with meta.mat";
    }

    @Override
    public ImageSource read(Path root, Split split) {
        List<Path> kit = kit(root);
        Optional<Synsets> synsets = Synsets.find(kit);
        Path folder = folder(root, split == Split.TRAIN ? TRAIN : VAL)
                .orElseThrow(() -> new BadInputException(Text.format(
                        "%s: has no %s/, expected the %s images of ImageNet in it",
                        root,
                        split == Split.TRAIN ? "train" : "val",
                        split == Split.TRAIN ? "training" : "validation")));
        List<String> classes = classes(root, synsets);
        var images = new ImageList(
                folder,
                classes.stream()
                        .map(name -> synsets.map(s -> s.shown(name)).orElse(name))
                        .toList());
        if (split == Split.TEST && !holds(folder, CLASS)) {
            ImageNetTruth truth = ImageNetTruth.find(kit, synsets);
            truth.images().forEach(image -> images.add(image.name(), label(classes, image.wordNet(), truth.file())));
            return images.whole(PathText.name(truth.file()));
        }
        ImageFolder found = ImageFolder.of(folder);
        for (int i = 0; i < found.size(); i++) {
            images.add(found.name(i), label(classes, found.classes().get(found.label(i)), folder));
        }
        return images.found();
    }

    /// Kaggle's archive has its lists beside the folders that lead to the images.
    private static List<Path> kit(Path root) {
        return Stream.concat(
                        KIT.stream().map(root::resolve),
                        Stream.of(root.resolve("../../..")).filter(_ -> root.endsWith(KAGGLE)))
                .toList();
    }

    private static Optional<Path> folder(Path root, List<String> names) {
        return names.stream().map(root::resolve).filter(Files::isDirectory).findFirst();
    }

    /// Those that training images have folders for; where there are no training images, all that are known.
    private static List<String> classes(Path root, Optional<Synsets> synsets) {
        var names = new TreeSet<String>();
        folder(root, TRAIN).ifPresent(train -> names.addAll(classFolders(train)));
        if (names.isEmpty()) {
            synsets.ifPresentOrElse(
                    known -> names.addAll(known.words().keySet()),
                    () -> folder(root, VAL).ifPresent(val -> names.addAll(classFolders(val))));
        }
        return List.copyOf(names);
    }

    private static List<String> classFolders(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(PathText::name).filter(ImageNetReader::isClass).toList();
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cannot list the folder: %s", folder, FileFaults.reason(e)), e);
        }
    }

    private static int label(List<String> classes, String name, Path where) {
        int label = Collections.binarySearch(classes, name);
        if (label < 0) {
            throw new BadInputException(Text.format(
                    "%s: has images of '%s', which is none of the %d classes of training",
                    where, name, classes.size()));
        }
        return label;
    }
}
