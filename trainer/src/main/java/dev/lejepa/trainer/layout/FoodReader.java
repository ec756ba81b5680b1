package dev.lejepa.trainer.layout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Food-101: `images/CLASS/NUMBER.jpg`, and lists `CLASS/NUMBER` of both splits. The lists are there twice, as text and
/// as JSON; JSON is read where the text is not there.
final class FoodReader implements LayoutReader {
    private static final String TRAIN = "meta/train";
    private static final String TEST = "meta/test";
    private static final String TEXT = ".txt";
    private static final String JSON = ".json";

    @Override
    public List<String> places() {
        return List.of("", "food-101", "food-101/food-101", "food101");
    }

    @Override
    public boolean begins(Path folder) {
        return Files.isRegularFile(folder.resolve(TRAIN + TEXT)) || Files.isRegularFile(folder.resolve(TRAIN + JSON));
    }

    @Override
    public String contents() {
        return "meta/train.txt, meta/test.txt and images/";
    }

    /// An image of a class.
    ///
    /// @param name its path without suffix: `CLASS/NUMBER`
    private record Entry(String type, String name) {}

    @Override
    public ImageSource read(Path root, Split split) {
        Path trainList = list(root, TRAIN);
        Path testList = list(root, TEST);
        List<Entry> train = entries(trainList);
        List<Entry> test = entries(testList);
        var names = new TreeSet<String>(); // small letters and underscores
        train.forEach(entry -> names.add(entry.type()));
        test.forEach(entry -> names.add(entry.type()));
        List<String> classes = List.copyOf(names);
        var images = new ImageList(root, classes);
        for (Entry entry : split == Split.TRAIN ? train : test) {
            images.add(path(root, entry), classes.indexOf(entry.type()));
        }
        return images.whole(PathText.shown(root.relativize(split == Split.TRAIN ? trainList : testList)));
    }

    private static Path path(Path root, Entry entry) {
        try {
            return PathText.path("images/" + entry.name() + ".jpg");
        } catch (InvalidPathException e) {
            throw new BadInputException(Text.format("%s: '%s' is no name of an image", root, entry.name()), e);
        }
    }

    private static Path list(Path root, String name) {
        Path text = root.resolve(name + TEXT);
        Path json = root.resolve(name + JSON);
        return Files.exists(text) || !Files.exists(json) ? text : json;
    }

    private static List<Entry> entries(Path list) {
        return PathText.name(list).endsWith(JSON) ? ofJson(list) : ofText(list);
    }

    private static List<Entry> ofText(Path file) {
        TextList list = TextList.read(file);
        List<Entry> entries = new ArrayList<>();
        for (TextList.Line line : list.lines()) {
            int slash = line.text().indexOf('/');
            if (slash < 1
                    || slash != line.text().lastIndexOf('/')
                    || slash == line.text().length() - 1) {
                throw list.bad(line, "CLASS/NUMBER");
            }
            entries.add(new Entry(line.text().substring(0, slash), line.text()));
        }
        return entries;
    }

    private static List<Entry> ofJson(Path file) {
        List<Entry> entries = new ArrayList<>();
        JsonNode all = json(file);
        for (var type : all.properties()) {
            for (JsonNode name : type.getValue()) {
                entries.add(new Entry(type.getKey(), name.asText()));
            }
        }
        if (entries.isEmpty()) {
            throw new BadInputException(Text.format("%s: names no image, expected lists of them by class", file));
        }
        return entries;
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(SmallFile.bytes(file));
        } catch (JsonProcessingException e) {
            throw new BadInputException(Text.format("%s: is no JSON: %s", file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the bytes are in memory
        }
    }
}
