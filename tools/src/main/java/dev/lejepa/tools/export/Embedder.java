package dev.lejepa.tools.export;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.npy.NpyType;
import dev.lejepa.graphs.npy.NpyWriter;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.SharedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes the features of images: `f.npy`, fp32 `[images, width]`, rows in the images' order, of
/// a folder that of their paths' bytes, and their names, relative to the folder, in `f.paths.txt`, a line each as
/// [PathText#line] writes it.
public final class Embedder {
    private static final String SUFFIX = ".npy";
    private static final String LIST = ".paths.txt";

    private final Encoder encoder;
    private final int workers;
    private final Ranks ranks;
    private final Consumer<String> notes;

    /// @param images with a row each
    /// @param skipped images that could not be read
    public record Result(int images, int width, double seconds, int skipped) {}

    /// @param workers threads that prepare images
    /// @param ranks processes that share the images; the first one writes
    /// @param notes told what a person may not expect of the images
    public Embedder(Encoder encoder, int workers, Ranks ranks, Consumer<String> notes) {
        this.encoder = encoder;
        this.workers = workers;
        this.ranks = ranks;
        this.notes = notes;
    }

    /// @param output of the encoder that is one row for each image
    public Result embed(String output, ImageSource source, Path out) throws IOException, InterruptedException {
        var began = System.nanoTime();
        source.notes().forEach(note -> notes.accept("note: " + note));
        var store = ImageStore.open(source, DataSpec.defaults().maxPixels(), 1, 0);
        var paths = new ArrayList<String>();
        var width = encoder.width(output);
        if (ranks.rank() > 0) {
            read(store, output, _ -> {});
            return new Result(0, width, (System.nanoTime() - began) / 1e9, 0);
        }
        write(output, store, out, paths);
        var list = pathsFile(out);
        if (list.isPresent()) {
            AtomicFile.writeBytes(list.get(), PathText.encoded(String.join("\n", paths) + "\n"));
        }
        if (store.broken().count() > 0) {
            notes.accept("left out, as they cannot be read: " + store.broken().names());
        }
        var seconds = (System.nanoTime() - began) / 1e9;
        return new Result(paths.size(), width, seconds, store.broken().count());
    }

    private void read(ImageStore store, String output, SharedReader.Sink sink)
            throws IOException, InterruptedException {
        var width = encoder.width(output);
        new SharedReader(encoder, workers, ranks)
                .read(
                        store,
                        (batch, _, outputs) ->
                                List.of(Arrays.copyOf(outputs.get(output).toFloats(), batch.valid() * width)),
                        sink);
    }

    private void write(String output, ImageStore store, Path out, List<String> paths)
            throws IOException, InterruptedException {
        try (var features = NpyWriter.create(out, NpyType.FLOAT32, encoder.width(output))) {
            read(store, output, piece -> {
                var rows = piece.outputs().getFirst();
                features.append(rows, 0, rows.length);
                for (var image : piece.images()) {
                    paths.add(PathText.line(store.source().name(image)));
                }
            });
            if (paths.isEmpty()) {
                throw new BadInputException(Text.format(
                        "%s: none of its images can be read: %s",
                        store.source().place(), store.broken().names()));
            }
            features.commit();
        }
    }

    /// The list beside a file of features. There is none beside a pipe or a device that is not called `.npy`, such as
    /// `/dev/null`: its folder is no place for files.
    public static Optional<Path> pathsFile(Path out) throws IOException {
        var name = PathText.text(out.getFileName());
        if (name.endsWith(SUFFIX)) {
            return Optional.of(PathText.sibling(out, name.substring(0, name.length() - SUFFIX.length()) + LIST));
        }
        return OutputFile.isStream(out) ? Optional.empty() : Optional.of(PathText.sibling(out, name + LIST));
    }
}
