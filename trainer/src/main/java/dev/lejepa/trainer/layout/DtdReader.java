package dev.lejepa.trainer.layout;

import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// Describable Textures: `images/CLASS/NAME.jpg`, and lists of them for each of ten splits, of which the first is taken.
final class DtdReader implements LayoutReader {
    private static final String IMAGES = "images";
    private static final List<String> TRAIN = List.of("labels/train1.txt", "labels/val1.txt");
    private static final List<String> TEST = List.of("labels/test1.txt");

    @Override
    public List<String> places() {
        return List.of("", "dtd", "dtd/dtd");
    }

    @Override
    public boolean begins(Path folder) {
        return Files.isRegularFile(folder.resolve("labels/train1.txt"));
    }

    @Override
    public String contents() {
        return "labels/train1.txt, labels/val1.txt, labels/test1.txt and images/";
    }

    @Override
    public ImageSource read(Path root, Split split) {
        List<String> lists = split == Split.TRAIN ? TRAIN : TEST;
        var names = new TreeSet<String>(); // the order of all its names, which are small letters and hyphens
        for (String list : List.of(TRAIN.get(0), TRAIN.get(1), TEST.get(0))) {
            TextList lines = TextList.read(root.resolve(list));
            lines.lines().forEach(line -> names.add(kind(lines, line)));
        }
        List<String> classes = List.copyOf(names);
        var images = new ImageList(root, classes);
        for (String list : lists) {
            TextList lines = TextList.read(root.resolve(list));
            for (TextList.Line line : lines.lines()) {
                images.add(lines.path(line, IMAGES + "/" + line.text()), classes.indexOf(kind(lines, line)));
            }
        }
        return images.whole(String.join(" and ", lists));
    }

    private static String kind(TextList list, TextList.Line line) {
        String[] parts = line.text().split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw list.bad(line, "CLASS/NAME.jpg");
        }
        return parts[0];
    }
}
