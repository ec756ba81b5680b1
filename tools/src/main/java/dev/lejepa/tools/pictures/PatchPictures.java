package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The images of a source, each with its patches in [color][PatchColors]. The basis is that of all images, or of 128 of
/// them, evenly spread, where there are more.
public final class PatchPictures {
    private static final int BASIS = 128;

    private final Encoder encoder;
    private final String output;
    private final Lens lens;
    private final boolean foreground;

    /// @param output tokens `[N, T, width]`
    /// @param foreground whether the background is made black
    public PatchPictures(Encoder encoder, String output, boolean foreground) {
        this.encoder = encoder;
        this.output = output;
        this.lens = new Lens(encoder, output);
        this.foreground = foreground;
    }

    /// Takes an image and its patches in color, of equal size.
    @FunctionalInterface
    public interface Sink {
        /// @param number of the image in its source
        void accept(int number, RgbImage image, RgbImage colors) throws IOException;
    }

    /// Colors the images of a source.
    ///
    /// @throws BadInputException if none can be read, or the output is no tokens
    public void draw(PictureSource source, Sink sink) throws IOException {
        var colors = colors(source);
        lens.show(source, IntStream.range(0, source.size()).toArray(), shown -> {
            var side = Viewing.side(shown.image());
            var tokens = shown.from() + grid(shown).prefix() * shown.shape().getLast();
            sink.accept(
                    shown.number(), Paper.fitted(shown.image(), side), colors.picture(shown.values(), tokens, side));
        });
    }

    private PatchColors colors(PictureSource source) throws IOException {
        var taken = Math.min(source.size(), BASIS);
        var chosen = IntStream.range(0, taken)
                .map(i -> (int) ((long) i * source.size() / taken))
                .toArray();
        var patches = new ArrayList<float[]>();
        var grids = new ArrayList<TokenGrid>();
        lens.show(source, chosen, shown -> {
            var grid = grid(shown);
            var width = shown.shape().getLast();
            var rows = new float[grid.patches() * width];
            System.arraycopy(shown.values(), shown.from() + grid.prefix() * width, rows, 0, rows.length);
            patches.add(rows);
            grids.add(grid);
        });
        return PatchColors.of(joined(patches, grids.getFirst()), grids.getFirst(), foreground);
    }

    private static Features joined(List<float[]> parts, TokenGrid grid) {
        var each = parts.getFirst().length;
        var all = new float[Math.multiplyExact(each, parts.size())];
        for (var i = 0; i < parts.size(); i++) {
            System.arraycopy(parts.get(i), 0, all, i * each, each);
        }
        return new Features(all, grid.patches() * parts.size(), each / grid.patches());
    }

    private TokenGrid grid(Lens.Shown shown) {
        if (shown.shape().size() != 2) {
            throw new BadInputException(Text.format(
                    "%s: output '%s' is %s, expected tokens as float32 [N, T, width]",
                    encoder.file(), output, encoder.output(output).describe()));
        }
        return Viewing.grid(encoder, shown.shape().getFirst());
    }

    public Lens lens() {
        return lens;
    }
}
