package dev.lejepa.trainer.data;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// The images of a folder and their classes, as names: nothing is opened. Images are numbered in bytewise order of
/// their paths; the number is the image's identity in every random draw.
///
/// The class of an image is the first folder on its way from the root; classes are sorted bytewise. A root that holds
/// images and no folders is unlabelled.
public final class ImageFolder implements ImageFiles {
    private static final int NAMED_AT_MOST = 10;

    private final Path root;
    private final List<String> classes;
    private final Path[] files;
    private final int[] labels;
    private final List<String> notes;

    private ImageFolder(Path root, List<String> classes, Path[] files, int[] labels, List<String> notes) {
        this.root = root;
        this.classes = List.copyOf(classes);
        this.files = files;
        this.labels = labels;
        this.notes = List.copyOf(notes);
    }

    /// Lists a folder for training or evaluation, with classes where it has folders.
    ///
    /// @throws BadInputException if the folder is missing or has no images, or if a class folder has none
    public static ImageFolder of(Path root) {
        requireFolder(root);
        try {
            List<Path> entries = ImageTree.entries(root);
            List<Path> folders = entries.stream().filter(Files::isDirectory).toList();
            PassedOver passedOver = new PassedOver();
            List<Path> loose = ImageTree.imagesAmong(entries, passedOver);
            return folders.isEmpty()
                    ? unlabelled(root, loose, passedOver)
                    : labelled(root, folders, loose.size(), passedOver);
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cannot list the folder: %s", root, e), e);
        }
    }

    /// Lists all images at any depth, without classes.
    ///
    /// @throws BadInputException if the folder is missing or has no images
    public static ImageFolder withoutClasses(Path root) {
        requireFolder(root);
        try {
            PassedOver passedOver = new PassedOver();
            return unlabelled(root, ImageTree.imagesBelow(root, passedOver), passedOver);
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cannot list the folder: %s", root, e), e);
        }
    }

    private static void requireFolder(Path root) {
        if (!Files.exists(root)) {
            throw new BadInputException(Text.format("%s: no such folder, expected a folder of images", root));
        }
        if (!Files.isDirectory(root)) {
            throw new BadInputException(Text.format("%s: is a file, expected a folder of images", root));
        }
    }

    private static ImageFolder unlabelled(Path root, List<Path> images, PassedOver passedOver) {
        requireImages(root, images.size(), passedOver);
        int[] labels = new int[images.size()];
        Arrays.fill(labels, UNLABELLED);
        return new ImageFolder(root, List.of(), relative(root, images), labels, passedOver.notes(root));
    }

    private static ImageFolder labelled(Path root, List<Path> folders, int loose, PassedOver passedOver)
            throws IOException {
        record Labelled(Path file, int label) {}
        List<Labelled> images = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (int label = 0; label < folders.size(); label++) {
            List<Path> found = ImageTree.imagesBelow(folders.get(label), passedOver, root);
            for (Path file : found) {
                images.add(new Labelled(file, label));
            }
            if (found.isEmpty()) {
                without.add(PathText.shown(folders.get(label).getFileName()));
            }
        }
        requireImages(root, images.size(), passedOver);
        requireNoEmptyClass(root, without, folders.size(), passedOver);
        // by path over all classes: "a-b/x" comes before "a/x" though the class "a" comes before "a-b"
        images.sort(Comparator.comparing(Labelled::file));
        List<String> classes =
                folders.stream().map(f -> PathText.text(f.getFileName())).toList();
        List<Path> files = images.stream().map(Labelled::file).toList();
        int[] labels = images.stream().mapToInt(Labelled::label).toArray();
        List<String> notes = new ArrayList<>();
        if (loose > 0) {
            notes.add(Text.format("%d images beside the class folders of %s are ignored", loose, root));
        }
        notes.addAll(passedOver.notes(root));
        return new ImageFolder(root, classes, relative(root, files), labels, notes);
    }

    private static void requireImages(Path root, int count, PassedOver passedOver) {
        if (count == 0) {
            throw new BadInputException(Text.format(
                    "%s: holds no images, expected files ending in %s, in one folder per class or directly in it%s",
                    root, ImageTree.suffixes("or"), insteadOf(root, passedOver)));
        }
    }

    private static void requireNoEmptyClass(Path root, List<String> without, int classes, PassedOver passedOver) {
        if (!without.isEmpty()) {
            String names = without.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", "));
            String more = without.size() > NAMED_AT_MOST ? ", ..." : "";
            throw new BadInputException(Text.format(
                    "%s: %d of %d class folders hold no images (each folder directly in it is a class): %s%s%s",
                    root, without.size(), classes, names, more, insteadOf(root, passedOver)));
        }
    }

    private static String insteadOf(Path root, PassedOver passedOver) {
        return passedOver.notes(root).stream().map(note -> "; " + note).collect(Collectors.joining());
    }

    private static Path[] relative(Path root, List<Path> files) {
        return files.stream().map(root::relativize).toArray(Path[]::new);
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int size() {
        return files.length;
    }

    @Override
    public Path name(int image) {
        return files[image];
    }

    @Override
    public int label(int image) {
        return labels[image];
    }

    /// Files that are passed over, and images directly in a root that has class folders: they have no class.
    @Override
    public List<String> notes() {
        return notes;
    }

    /// True of a name that an image's file may have.
    public static boolean isImageName(Path file) {
        return ImageTree.hasImageSuffix(file);
    }
}
