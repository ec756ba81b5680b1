package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.EncoderImages;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.EvalTransform;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Shows images to an encoder and hands over one of its outputs, each beside the square that the encoder saw. Images
/// that cannot be read are passed over.
public final class Lens {
    /// Of an output in a run: attention grows with the square of the tokens.
    private static final long MOST_BYTES = 128L << 20;

    private static final int MOST_IMAGES = 16;
    private static final int NAMED_AT_MOST = 10;

    private final Encoder encoder;
    private final String output;
    private final EvalTransform transform;
    private final Map<String, String> broken = new TreeMap<>();

    /// @param output of float32, a part of it for each image
    /// @throws BadInputException if the encoder has it not
    public Lens(Encoder encoder, String output) {
        this.encoder = encoder;
        this.output = encoder.output(output).name();
        var preparation = encoder.preparation();
        this.transform = new EvalTransform(preparation.resize(), preparation.size(), preparation.interpolation());
    }

    /// An image and what the encoder makes of it.
    ///
    /// @param number in its source
    /// @param image the square that the encoder saw
    /// @param values in which its part of the output begins at `from`
    /// @param shape of that part
    public record Shown(int number, RgbImage image, float[] values, int from, List<Integer> shape) {}

    /// Takes an image.
    @FunctionalInterface
    public interface Sink {
        void accept(Shown shown) throws IOException;
    }

    /// Shows the chosen images of a source in their order.
    ///
    /// @throws BadInputException if none of them can be read
    public void show(PictureSource source, int[] chosen, Sink sink) throws IOException {
        if (showReadable(source, chosen, sink) == 0) {
            throw new BadInputException(Text.format("none of the images can be read: %s", brokenNames()));
        }
    }

    /// The same where it may be that none of them can be read.
    ///
    /// @return how many could be
    public int showReadable(PictureSource source, int[] chosen, Sink sink) throws IOException {
        var side = encoder.preparation().size();
        var bytes = 3L * side * side;
        var seen = 0;
        try (var shown = encoder.newImages(mostImages());
                var arena = Arena.ofConfined()) {
            var views = arena.allocate(bytes * shown.count());
            var numbers = new ArrayList<Integer>();
            for (var image : chosen) {
                if (prepare(source, image, views, bytes * numbers.size())) {
                    numbers.add(image);
                }
                if (numbers.size() == shown.count()) {
                    seen += run(shown, views, numbers, sink);
                }
            }
            seen += run(shown, views, numbers, sink);
        }
        return seen;
    }

    private int mostImages() {
        var each = encoder.output(output).shape().stream()
                .skip(1)
                .mapToLong(d -> Math.max(1, d))
                .reduce(Float.BYTES, (a, b) -> a * b);
        return (int) Math.clamp(MOST_BYTES / each, 1, MOST_IMAGES);
    }

    private boolean prepare(PictureSource source, int image, MemorySegment views, long offset) {
        try (var decoded = source.decode(image)) {
            transform.write(decoded, views, offset);
            return true;
        } catch (BrokenImageException e) {
            broken.put(source.name(image), e.reason());
            return false;
        }
    }

    /// Runs the encoder and empties `numbers`.
    private int run(EncoderImages shown, MemorySegment views, List<Integer> numbers, Sink sink) throws IOException {
        if (numbers.isEmpty()) {
            return 0;
        }
        try (var outputs = encoder.run(shown.of(views))) {
            var tensor = outputs.get(output);
            var values = tensor.toFloats();
            var shape = tensor.shape().stream().skip(1).map(Math::toIntExact).toList();
            var size = values.length / shown.count();
            for (var i = 0; i < numbers.size(); i++) {
                sink.accept(new Shown(numbers.get(i), square(views, i), values, i * size, shape));
            }
        }
        var count = numbers.size();
        numbers.clear();
        return count;
    }

    /// The bytes `[3, side, side]` of a view as an image.
    private RgbImage square(MemorySegment views, int number) {
        var side = encoder.preparation().size();
        var plane = side * side;
        var rgb = new byte[3 * plane];
        for (var c = 0; c < 3; c++) {
            for (var i = 0; i < plane; i++) {
                rgb[3 * i + c] = views.get(ValueLayout.JAVA_BYTE, (3L * number + c) * plane + i);
            }
        }
        return new RgbImage(side, side, rgb);
    }

    /// How many images could not be read.
    public int broken() {
        return broken.size();
    }

    /// The first ten of them, each with what is wrong with it.
    public String brokenNames() {
        var first = broken.entrySet().stream()
                .limit(NAMED_AT_MOST)
                .map(e -> Text.format("%s (%s)", e.getKey(), e.getValue()))
                .collect(Collectors.joining(", "));
        return broken.size() > NAMED_AT_MOST ? first + ", ..." : first;
    }
}
