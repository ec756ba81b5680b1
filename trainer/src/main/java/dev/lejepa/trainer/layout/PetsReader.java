package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Oxford-IIIT Pets: `images/Breed_name_NUMBER.jpg`, and lists `NAME BREED SPECIES BREED-OF-SPECIES`, breeds counted
/// from 1.
final class PetsReader implements LayoutReader {
    private static final String TRAIN = "annotations/trainval.txt";
    private static final String TEST = "annotations/test.txt";
    private static final int COLUMNS = 4;
    private static final int BREEDS = 37;

    @Override
    public List<String> places() {
        return List.of("", "oxford-iiit-pet", "pets");
    }

    @Override
    public boolean begins(Path folder) {
        return Files.isRegularFile(folder.resolve(TRAIN));
    }

    @Override
    public String contents() {
        return "annotations/trainval.txt, annotations/test.txt and images/";
    }

    @Override
    public ImageSource read(Path root, Split split) {
        var breeds = new TreeMap<Integer, String>();
        for (String name : List.of(TRAIN, TEST)) {
            TextList list = TextList.read(root.resolve(name));
            for (TextList.Line line : list.lines()) {
                String[] columns = columns(list, line);
                String breed = breed(columns[0]);
                String before = breeds.putIfAbsent(label(list, line, columns), breed);
                if (before != null && !before.equals(breed)) {
                    throw list.bad(line, "breed " + columns[1] + " to be " + before);
                }
            }
        }
        requireAll(root, breeds);
        String name = split == Split.TRAIN ? TRAIN : TEST;
        TextList list = TextList.read(root.resolve(name));
        var images = new ImageList(root, List.copyOf(breeds.values()));
        for (TextList.Line line : list.lines()) {
            String[] columns = columns(list, line);
            images.add(list.path(line, "images/" + columns[0] + ".jpg"), label(list, line, columns) - 1);
        }
        return images.whole(name);
    }

    private static String[] columns(TextList list, TextList.Line line) {
        String[] columns = line.text().split("\\s+");
        if (columns.length != COLUMNS) {
            throw list.bad(line, "the name of an image and three numbers");
        }
        return columns;
    }

    private static int label(TextList list, TextList.Line line, String[] columns) {
        return list.number(line, columns[1], BREEDS, "a breed");
    }

    private static void requireAll(Path root, TreeMap<Integer, String> breeds) {
        if (breeds.lastKey() != breeds.size()) {
            throw new BadInputException(Text.format(
                    "%s: its lists name %d breeds, but with numbers up to %d; expected each number from 1",
                    root.resolve("annotations"), breeds.size(), breeds.lastKey()));
        }
    }

    /// `american_bulldog_17` is an American Bulldog.
    private static String breed(String image) {
        int last = image.lastIndexOf('_');
        return Arrays.stream((last < 0 ? image : image.substring(0, last)).split("_"))
                .filter(word -> !word.isEmpty())
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining(" "));
    }
}
