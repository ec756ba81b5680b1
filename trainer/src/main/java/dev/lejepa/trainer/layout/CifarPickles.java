package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.weights.PickledDictionary;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/// CIFAR's pickles: dictionaries with the pixels as an array of bytes `[images, 3072]` and the labels as a list.
///
/// @param labels key of the labels
/// @param labelNames key of the class names
record CifarPickles(String labels, String labelNames, List<String> train, String test, String names)
        implements CifarForm {
    private static final String PIXELS = "data";

    @Override
    public List<String> classes(Path file) {
        return read(file)
                .texts(labelNames)
                .filter(texts -> !texts.isEmpty())
                .orElseThrow(() -> new BadInputException(Text.format("%s: has no list '%s'", file, labelNames)));
    }

    @Override
    public CifarImages.Batch batch(Path root, Path name, int classes) {
        Path file = root.resolve(name);
        PickledDictionary batch = read(file);
        int[] found = batch
                .wholes(labels)
                .orElseThrow(() -> new BadInputException(Text.format("%s: has no list '%s'", file, labels)))
                .stream()
                .mapToInt(Long::intValue)
                .toArray();
        var pixels = batch.bytes(PIXELS)
                .orElseThrow(() -> new BadInputException(Text.format("%s: has no array of bytes '%s'", file, PIXELS)));
        if (pixels.data().length != (long) found.length * CifarImages.PIXEL_BYTES || found.length == 0) {
            throw new BadInputException(Text.format(
                    "%s: '%s' is %s, expected [%d, %d] for %d labels",
                    file, PIXELS, pixels.shape(), found.length, CifarImages.PIXEL_BYTES, found.length));
        }
        CifarForm.requireLabels(file, found, classes);
        return new CifarImages.Batch(name, MemorySegment.ofArray(pixels.data()), CifarImages.PIXEL_BYTES, 0, found);
    }

    private static PickledDictionary read(Path file) {
        try {
            return PickledDictionary.read(file);
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cannot be read: %s", file, FileFaults.reason(e)), e);
        }
    }
}
