package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.Port;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The images of a source, each under the [attention][AttentionMaps] of the last block's heads and of their mean.
public final class AttentionPictures {
    private static final int RANK = 3;

    private final Encoder encoder;
    private final String output;
    private final Lens lens;

    /// @param output attention `[N, heads, T, T]`
    /// @throws BadInputException if the encoder has it not
    public AttentionPictures(Encoder encoder, String output) {
        if (!encoder.has(output)) {
            throw new BadInputException(Text.format(
                    "%s: has no output '%s', only %s; export it with --attention, or give --run in its place",
                    encoder.file(),
                    output,
                    encoder.outputs().stream().map(Port::name).collect(Collectors.joining(", "))));
        }
        this.encoder = encoder;
        this.output = output;
        this.lens = new Lens(encoder, output);
    }

    /// Takes the pictures of an image.
    @FunctionalInterface
    public interface Sink {
        /// @param number of the image in its source
        /// @param heads a picture each
        /// @param mean of all heads
        void accept(int number, List<RgbImage> heads, RgbImage mean) throws IOException;
    }

    /// Draws the images of a source.
    ///
    /// @return what all pictures show
    /// @throws BadInputException if none can be read
    public AttentionMaps draw(PictureSource source, Sink sink) throws IOException {
        var all = new ArrayList<AttentionMaps>();
        lens.show(source, IntStream.range(0, source.size()).toArray(), shown -> {
            var maps = maps(shown.shape());
            var image = Paper.fitted(shown.image(), Viewing.side(shown.image()));
            var pictures = maps.pictures(shown.values(), shown.from(), image);
            sink.accept(shown.number(), pictures.subList(0, maps.heads()), pictures.getLast());
            all.add(maps);
        });
        return all.getFirst();
    }

    private AttentionMaps maps(List<Integer> shape) {
        if (shape.size() != RANK || !shape.get(1).equals(shape.get(2))) {
            throw new BadInputException(Text.format(
                    "%s: output '%s' is %s, expected float32 [N, heads, T, T]",
                    encoder.file(), output, encoder.output(output).describe()));
        }
        var grid = Viewing.grid(encoder, shape.getLast());
        return new AttentionMaps(grid, shape.getFirst(), Viewing.classToken(encoder, grid));
    }

    public Lens lens() {
        return lens;
    }
}
