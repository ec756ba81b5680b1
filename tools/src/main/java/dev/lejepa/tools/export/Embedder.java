package dev.lejepa.tools.export;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.npy.NpyType;
import dev.lejepa.graphs.npy.NpyWriter;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.trainer.data.EvalLoader;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.eval.EncoderImages;
import dev.lejepa.trainer.train.ViewGroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes the features of a folder of images: `f.npy`, fp32 `[images, width]`, rows in bytewise order of the images'
/// paths, and these paths, relative to the folder, in `f.paths.txt`, a line each as [PathText#line] writes it.
public final class Embedder {
    private static final int BATCH = 64;
    private static final String SUFFIX = ".npy";
    private static final String LIST = ".paths.txt";

    private final Engine engine;
    private final Path encoder;
    private final int workers;
    private final Consumer<String> notes;

    /// @param images with a row each
    /// @param skipped images that could not be read
    public record Result(int images, int width, double seconds, int skipped) {}

    /// @param workers threads that prepare images
    /// @param notes told what a person may not expect of the images
    public Embedder(Engine engine, Path encoder, int workers, Consumer<String> notes) {
        this.engine = engine;
        this.encoder = encoder;
        this.workers = workers;
        this.notes = notes;
    }

    public Result embed(Path data, Path out) throws IOException, InterruptedException {
        var began = System.nanoTime();
        try (var model = engine.load(encoder)) {
            var preparation = Preparation.of(encoder, model);
            var folder = ImageFolder.withoutClasses(data);
            folder.notes().forEach(note -> notes.accept("note: " + note));
            var store = ImageStore.open(folder, DataSpec.defaults().maxPixels(), 1, 0);
            var paths = new ArrayList<String>();
            var width = write(model, preparation, store, out, paths);
            var list = pathsFile(out);
            if (list.isPresent()) {
                AtomicFile.writeBytes(list.get(), PathText.encoded(String.join("\n", paths) + "\n"));
            }
            if (store.broken().count() > 0) {
                notes.accept(
                        "left out, as they cannot be read: " + store.broken().names());
            }
            var seconds = (System.nanoTime() - began) / 1e9;
            return new Result(paths.size(), width, seconds, store.broken().count());
        }
    }

    private int write(Model model, Preparation preparation, ImageStore store, Path out, List<String> paths)
            throws IOException, InterruptedException {
        var first = model.outputs().getFirst();
        var width = Math.toIntExact(first.shape().getLast());
        var batch = preparation.batch() == 0 ? BATCH : preparation.batch();
        var size = preparation.size();
        var view = ViewGroups.evaluation(size);
        try (var features = NpyWriter.create(out, NpyType.FLOAT32, width);
                var loader = new EvalLoader(store, batch, view, new LoaderSize(workers, 3));
                var images = new EncoderImages(
                        engine, preparation.input(), batch, size, preparation.mean(), preparation.std())) {
            while (loader.hasNext()) {
                try (var b = loader.next();
                        var result = model.run(Map.of(preparation.input(), images.of(b)))) {
                    features.append(result.get(first.name()).toFloats(), 0, b.valid() * width);
                    b.files().forEach(f -> paths.add(relative(store.folder().root(), f)));
                }
            }
            if (paths.isEmpty()) {
                throw new BadInputException(Text.format(
                        "%s: none of its images can be read: %s",
                        store.folder().root(), store.broken().names()));
            }
            features.commit();
        }
        return width;
    }

    private static String relative(Path root, Path file) {
        return PathText.line(root.relativize(file));
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
