package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Oxford Flowers: `jpg/image_NUMBER.jpg`, the category of each in `imagelabels.mat`, the numbers of each split in
/// `setid.mat`. Numbers and categories count from 1. The archive has no names of the categories.
final class FlowersReader implements LayoutReader {
    private static final String LABELS = "imagelabels.mat";
    private static final String SPLITS = "setid.mat";

    @Override
    public List<String> places() {
        return List.of("", "flowers-102", "flowers102", "oxford-102-flowers");
    }

    @Override
    public boolean begins(Path folder) {
        return Files.isRegularFile(folder.resolve(LABELS)) || Files.isRegularFile(folder.resolve(SPLITS));
    }

    @Override
    public String contents() {
        return "imagelabels.mat, setid.mat and jpg/";
    }

    @Override
    public ImageSource read(Path root, Split split) {
        List<String> classes = names();
        int[] labels = MatFile.read(root.resolve(LABELS)).wholes("labels");
        MatFile numbers = MatFile.read(root.resolve(SPLITS));
        var images = new ImageList(root, classes);
        for (String variable : split == Split.TRAIN ? List.of("trnid", "valid") : List.of("tstid")) {
            for (int number : numbers.wholes(variable)) {
                if (number < 1 || number > labels.length) {
                    throw new BadInputException(Text.format(
                            "%s: %s names image %d, expected 1 to %d, as %s has it",
                            root.resolve(SPLITS), variable, number, labels.length, LABELS));
                }
                int label = labels[number - 1];
                if (label < 1 || label > classes.size()) {
                    throw new BadInputException(Text.format(
                            "%s: image %d has label %d, expected 1 to %d",
                            root.resolve(LABELS), number, label, classes.size()));
                }
                images.add(Path.of(Text.format("jpg/image_%05d.jpg", number)), label - 1);
            }
        }
        return images.whole(SPLITS);
    }

    private static List<String> names() {
        try (var in = FlowersReader.class.getResourceAsStream("flowers102.txt")) {
            if (in == null) {
                throw new IllegalStateException("flowers102.txt is not beside its class");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
