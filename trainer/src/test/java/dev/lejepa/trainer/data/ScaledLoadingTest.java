package dev.lejepa.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.graphs.recipe.JpegDecoding;
import dev.lejepa.trainer.image.Box;
import dev.lejepa.trainer.image.Crops.Crop;
import dev.lejepa.trainer.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaledLoadingTest {
    private static final int SIDE = 96;

    /// Looks at all of an image for views of 20 pixels, and keeps the widths that it is shown.
    private record Wide(Set<String> widths) implements ViewMaker {
        @Override
        public void make(RgbImage image, Draws draws, MemorySegment to) {
            widths.add(image.width() + " of " + image.wholeWidth());
        }

        @Override
        public Optional<Crop> crop(int width, int height, Draws draws) {
            return Optional.of(new Crop(new Box(0, 0, height, width), 20));
        }
    }

    @TempDir
    private Path root;

    @Test
    void jpegIsReducedAsFarAsTheViewsAllow() throws Exception {
        assertEquals(Set.of("24 of 96"), widths(JpegDecoding.SCALED, 0));
    }

    @Test
    void jpegIsWholeWhereItIsToBeExact() throws Exception {
        assertEquals(Set.of("96 of 96"), widths(JpegDecoding.EXACT, 0));
    }

    /// Other views may want more of it.
    @Test
    void jpegThatIsKeptDecodedIsWhole() throws Exception {
        assertEquals(Set.of("96 of 96"), widths(JpegDecoding.SCALED, ImageStore.CACHE_BYTES));
    }

    @Test
    void evaluationSeesWholeImages() throws Exception {
        Set<String> widths = new ConcurrentSkipListSet<>();
        ViewGroup view = new ViewGroup("views", 1, 20, () -> new Wide(widths));
        try (ImageStore store = store(JpegDecoding.SCALED, 0);
                EvalLoader loader = new EvalLoader(store, 2, view, new LoaderSize(1, 2))) {
            loader.next().close();
        }
        assertEquals(Set.of("96 of 96"), new TreeSet<>(widths));
    }

    private Set<String> widths(JpegDecoding jpeg, long cacheBytes) throws Exception {
        Set<String> widths = new ConcurrentSkipListSet<>();
        ViewGroup views = new ViewGroup("views", 2, 20, () -> new Wide(widths));
        try (ImageStore store = store(jpeg, cacheBytes);
                TrainLoader loader = new TrainLoader(
                        store, new EpochOrder(1, store.source(), 2), List.of(views), 0, 1, new LoaderSize(1, 2))) {
            loader.next().close();
        }
        return new TreeSet<>(widths);
    }

    private ImageStore store(JpegDecoding jpeg, long cacheBytes) throws IOException {
        Files.createDirectories(root.resolve("c"));
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(image, "jpg", root.resolve("c/1.jpg").toFile());
        ImageIO.write(image, "jpg", root.resolve("c/2.jpg").toFile());
        DataSpec data = new DataSpec(List.of(), List.of(), 2, OptionalInt.empty(), 0, 1 << 20, jpeg);
        return ImageStore.open(ImageFolder.of(root), data, cacheBytes);
    }
}
