package dev.lejepa.trainer.packed;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/// Packs the images of a source into one file, in their order; those that cannot be read are left out.
///
/// @param maxPixels images that claim more cannot be read
/// @param threads that read and encode
public record Packer(ImageSource source, PackSettings settings, long maxPixels, int threads) {
    /// Images under way for each thread: a slow one does not make the others wait.
    private static final int AHEAD = 4;

    /// What came of it.
    ///
    /// @param images in the file
    /// @param bytes of the file
    /// @param broken images that were left out, each with what is wrong with it
    public record Result(int images, long bytes, List<String> broken) {
        public Result {
            broken = List.copyOf(broken);
        }
    }

    /// An image, or why there is none.
    private sealed interface Outcome {
        record Made(int number, PackedImage image) implements Outcome {}

        record Broken(String why) implements Outcome {}
    }

    /// Writes the file.
    ///
    /// @param progress gets the number of images that are done, one after another
    /// @throws BadInputException if no image can be read
    /// @throws IOException if the file cannot be written; what had its name before is still there then
    public Result write(Path out, IntConsumer progress) throws IOException, InterruptedException {
        List<String> broken = new ArrayList<>();
        ImageMemory memory = new ImageMemory();
        ThreadLocal<PackedImage.Maker> makers =
                ThreadLocal.withInitial(() -> new PackedImage.Maker(source, settings, maxPixels, memory));
        ExecutorService workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("packer-", 0).factory());
        try (PackWriter writer = new PackWriter(out, settings.form())) {
            Queue<Future<Outcome>> underWay = new ArrayDeque<>();
            int next = 0;
            for (int done = 0; done < source.size(); done++) {
                for (; next < source.size() && underWay.size() < AHEAD * threads; next++) {
                    int number = next;
                    underWay.add(workers.submit(() -> outcome(number, makers.get())));
                }
                switch (underWay.remove().get()) {
                    case Outcome.Broken(String why) -> broken.add(why);
                    case Outcome.Made(int number, PackedImage image) ->
                        writer.add(source.name(number), source.label(number), image);
                }
                progress.accept(done + 1);
            }
            if (writer.images() == 0) {
                throw new BadInputException(Text.format(
                        "%s: none of %d images can be packed: %s", source.place(), source.size(), broken.getFirst()));
            }
            int images = writer.images();
            return new Result(images, writer.finish(source.classes()), broken);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } finally {
            workers.shutdownNow();
        }
    }

    private Outcome outcome(int number, PackedImage.Maker maker) {
        try {
            return new Outcome.Made(number, maker.make(number));
        } catch (BrokenImageException e) {
            return new Outcome.Broken(Text.format("%s (%s)", PathText.shown(source.name(number)), e.reason()));
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        return switch (e.getCause()) {
            case RuntimeException fault -> fault;
            case Error fault -> throw fault;
            case null, default -> new IllegalStateException(e);
        };
    }
}
