package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.image.Box;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.PlanarImage;
import dev.lejepa.trainer.image.Resizer;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A GIF made of another's frames, with its timing.
public final class GifPictures implements AutoCloseable {
    private final GifFrames gif;
    private final GifWriter writer;

    public GifPictures(GifFrames gif) throws IOException {
        this.gif = gif;
        this.writer = new GifWriter(gif.loops());
    }

    /// The frames of a file that is a GIF of more than one, no larger than an encoder wants to see them.
    ///
    /// @throws BadInputException if it is damaged
    public static Optional<GifFrames> framesOf(Path file, Encoder encoder) {
        if (!Files.isRegularFile(file) || !GifFrames.is(file)) {
            return Optional.empty();
        }
        try {
            var gif = GifFrames.read(
                    file, frame -> reduced(frame, encoder.preparation().resize()));
            return gif.frames().size() > 1 ? Optional.of(gif) : Optional.empty();
        } catch (BrokenImageException e) {
            throw new BadInputException(Text.format("%s: %s", PathText.shown(file), e.reason()), e);
        }
    }

    /// The shorter side as the encoder's preparation would make it, which does nothing more then.
    private static RgbImage reduced(RgbImage frame, int shorter) {
        var side = Math.min(frame.width(), frame.height());
        if (side <= shorter) {
            return frame;
        }
        var reduced = new PlanarImage();
        new Resizer()
                .resize(
                        frame,
                        Box.of(frame),
                        (int) ((long) frame.height() * shorter / side),
                        (int) ((long) frame.width() * shorter / side),
                        reduced);
        var out = new RgbImage();
        reduced.store(out);
        return out;
    }

    /// Adds the picture of a frame.
    public void add(int number, Paper picture) throws IOException {
        writer.add(picture.image(), gif.delays().get(number));
    }

    /// Writes the file, replacing it at once.
    public void write(Path file) throws IOException {
        writer.write(file);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
