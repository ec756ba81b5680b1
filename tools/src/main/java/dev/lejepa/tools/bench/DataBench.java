package dev.lejepa.tools.bench;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.BlurSpec;
import dev.lejepa.graphs.recipe.JitterSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.SolarizeSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.ImageFormat;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.train.ViewGroups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Times the way from images to the views of a batch: its parts on one thread, the whole on all.
///
/// @param source of the images
/// @param recipe says how views are made
/// @param threads of the loader
public record DataBench(ImageSource source, Recipe recipe, int threads) {
    /// Images that the parts are timed on.
    private static final int SAMPLE = 256;

    private static final int BATCH = 32;
    private static final int BUFFERS = 4;

    /// Rates of one core. Parts that take no time have infinite ones.
    ///
    /// @param images in the source
    /// @param decodes images decoded per second
    /// @param libraries the same by each library that decodes JPEG here, the one that is used first; empty where none
    ///     of the images tried is a JPEG file
    /// @param crops views cropped, resized, flipped and written per second
    /// @param colors views changed in color per second: jitter, grayscale and solarize
    /// @param blurs views blurred per second, counting those that are not
    /// @param views views per second from image to batch
    public record Result(
            int images,
            double decodes,
            SequencedMap<String, Double> libraries,
            double crops,
            double colors,
            double blurs,
            double views) {}

    public Result run() throws InterruptedException {
        var sample = sample();
        var decoder = new ImageDecoder(recipe.data().maxPixels());
        var scratch = new RgbImage();
        var images = decodeAll(decoder, sample, scratch);
        var libraries = libraries(sample, scratch);
        var decodes = libraries.isEmpty()
                ? decodes(decoder, sample, scratch)
                : libraries.firstEntry().getValue();
        var views = recipe.views();
        var full = viewsPerSecond(views, images);
        var sharp = viewsPerSecond(
                with(
                        views,
                        views.jitter(),
                        views.grayscale(),
                        0,
                        views.solarize().p()),
                images);
        var plain = viewsPerSecond(with(views, new JitterSpec(0, 0, 0, 0, 0), 0, 0, 0), images);
        return new Result(
                source.size(), decodes, libraries, plain, beyond(plain, sharp), beyond(sharp, full), endToEnd());
    }

    private double decodes(ImageDecoder decoder, int[] sample, RgbImage scratch) throws InterruptedException {
        return Pace.perSecond(sample.length, pass -> decode(decoder, sample[pass % sample.length], scratch) ? 1 : 0);
    }

    private SequencedMap<String, Double> libraries(int[] sample, RgbImage scratch) throws InterruptedException {
        var rates = new LinkedHashMap<String, Double>();
        if (IntStream.of(sample).anyMatch(this::isJpeg)) {
            for (var decoder : ImageDecoder.ofEachJpegLibrary(recipe.data().maxPixels())) {
                rates.put(decoder.jpegLibrary(), decodes(decoder, sample, scratch));
            }
        }
        return rates;
    }

    private boolean isJpeg(int image) {
        try {
            return source.facts(image).format().filter(ImageFormat.JPEG::equals).isPresent();
        } catch (BrokenImageException e) {
            return false;
        }
    }

    /// The rate of what a way takes beyond a faster one.
    private static double beyond(double fast, double slow) {
        return slow < fast ? 1 / (1 / slow - 1 / fast) : Double.POSITIVE_INFINITY;
    }

    /// Images from all over the source, and so from all classes.
    private int[] sample() {
        var stride = Math.max(1, source.size() / SAMPLE);
        return IntStream.iterate(0, image -> image < source.size(), image -> image + stride)
                .limit(SAMPLE)
                .toArray();
    }

    private List<RgbImage> decodeAll(ImageDecoder decoder, int[] sample, RgbImage scratch) {
        var images = new ArrayList<RgbImage>();
        for (var image : sample) {
            if (decode(decoder, image, scratch)) {
                images.add(scratch.copy());
            }
        }
        if (images.isEmpty()) {
            throw new BadInputException(
                    Text.format("%s: none of %d images tried can be read", source.place(), sample.length));
        }
        return images;
    }

    private boolean decode(ImageDecoder decoder, int image, RgbImage into) {
        try {
            source.decode(image, decoder, into);
            return true;
        } catch (BrokenImageException e) {
            return false; // training would take another image
        }
    }

    private static double viewsPerSecond(ViewsSpec views, List<RgbImage> images) throws InterruptedException {
        try (var maker = new OneImageViews(views)) {
            return Pace.perSecond(images.size(), pass -> maker.make(images.get(pass % images.size()), pass));
        }
    }

    /// The same crops with other chances of what comes after them.
    private static ViewsSpec with(ViewsSpec v, JitterSpec jitter, double grayscale, double blur, double solarize) {
        return new ViewsSpec(
                v.global(),
                v.local(),
                v.ratio(),
                v.flip(),
                jitter,
                grayscale,
                new BlurSpec(blur, v.blur().kernel(), v.blur().sigma()),
                new SolarizeSpec(solarize, v.solarize().threshold()),
                v.mean(),
                v.std());
    }

    /// Nothing is kept decoded, as with data that is larger than memory.
    private double endToEnd() throws InterruptedException {
        var limits = recipe.data();
        var store = ImageStore.open(source, limits, 0);
        var batch = Math.min(BATCH, source.size());
        var order = new EpochOrder(recipe.seed(), source, batch);
        var groups = ViewGroups.training(recipe.views());
        var size = new LoaderSize(threads, BUFFERS);
        try (var loader = new TrainLoader(store, order, groups, 0, Integer.MAX_VALUE, size)) {
            var images = Pace.perSecondOverall(Math.ceilDiv(Math.min(SAMPLE, source.size()), batch), _ -> {
                loader.next().close();
                return batch;
            });
            return images * recipe.views().count() / threads;
        }
    }
}
