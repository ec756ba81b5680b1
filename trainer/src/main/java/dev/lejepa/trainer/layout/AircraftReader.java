package dev.lejepa.trainer.layout;

import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// FGVC Aircraft: `images/NUMBER.jpg`, the variants in `variants.txt`, and lists `NUMBER VARIANT`.
final class AircraftReader implements LayoutReader {
    private static final String VARIANTS = "variants.txt";

    @Override
    public List<String> places() {
        return List.of(
                "",
                "data",
                "fgvc-aircraft-2013b",
                "fgvc-aircraft-2013b/data",
                "fgvc-aircraft-2013b/fgvc-aircraft-2013b/data");
    }

    @Override
    public boolean begins(Path folder) {
        return Files.isRegularFile(folder.resolve(VARIANTS));
    }

    @Override
    public String contents() {
        return "variants.txt, images_variant_trainval.txt, images_variant_test.txt and images/";
    }

    @Override
    public ImageSource read(Path root, Split split) {
        List<String> variants = TextList.read(root.resolve(VARIANTS)).texts();
        String name = split == Split.TRAIN ? "images_variant_trainval.txt" : "images_variant_test.txt";
        TextList list = TextList.read(root.resolve(name));
        var images = new ImageList(root, variants);
        for (TextList.Line line : list.lines()) {
            int space = line.text().indexOf(' ');
            int label = variants.indexOf(line.text().substring(space + 1).strip());
            if (space < 0 || label < 0) {
                throw list.bad(line, "the number of an image and a variant out of " + VARIANTS);
            }
            images.add(list.path(line, "images/" + line.text().substring(0, space) + ".jpg"), label);
        }
        return images.whole(name);
    }
}
