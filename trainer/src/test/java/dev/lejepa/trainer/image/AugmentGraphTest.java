package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.augment.AugmentGraph;
import dev.lejepa.graphs.augment.CropInput;
import dev.lejepa.graphs.augment.DrawColumn;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.BlurSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.JitterSpec;
import dev.lejepa.graphs.recipe.SolarizeSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.trainer.image.JitterDraw.Change;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The graph makes the views of [ViewPipeline], whose pixels are PIL's.
class AugmentGraphTest {
    private static final Interval ANY_CROP = new Interval(0.02, 1);
    private static final BlurSpec NO_BLUR = new BlurSpec(0, 7, new Interval(0.1, 2));

    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = OrtEngine.open("cpu", EngineOptions.of(2));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static ViewsSpec spec(int size, JitterSpec jitter, double gray, BlurSpec blur, SolarizeSpec solarize) {
        ViewsSpec d = ViewsSpec.defaults();
        CropSpec crop = new CropSpec(1, size, ANY_CROP);
        return new ViewsSpec(crop, crop, d.ratio(), 0.5, jitter, gray, blur, solarize, d.mean(), d.std());
    }

    private static List<ViewDraw> draws(ViewsSpec spec, RgbImage image, int count) {
        ViewSampler sampler = new ViewSampler(spec);
        return IntStream.range(0, count)
                .mapToObj(i -> sampler.draw(
                        image.height(),
                        image.width(),
                        spec.global(),
                        Key.of(5, "views").fold(i).draws()))
                .toList();
    }

    /// How many values differ by each number of levels.
    private static long[] differences(
            ViewsSpec spec, CropInput input, RgbImage image, List<ViewDraw> draws, Target target) {
        byte[] made = run(spec, input, image, draws, target);
        byte[] expected = new byte[made.length];
        ViewPipeline pipeline = new ViewPipeline(spec);
        int bytes = 3 * input.size() * input.size();
        for (int i = 0; i < draws.size(); i++) {
            pipeline.write(image, draws.get(i), MemorySegment.ofArray(expected), (long) i * bytes);
        }
        long[] histogram = new long[256];
        for (int i = 0; i < made.length; i++) {
            histogram[Math.abs((made[i] & 0xFF) - (expected[i] & 0xFF))]++;
        }
        return histogram;
    }

    private static byte[] run(ViewsSpec spec, CropInput input, RgbImage image, List<ViewDraw> draws, Target target) {
        var graph = BundleBuilder.prepare(AugmentGraph.build(spec, draws.size(), List.of(input)), target);
        long canvas = 3L * input.canvas() * input.canvas();
        long columns = DrawColumn.values().length;
        try (Arena arena = Arena.ofConfined();
                var model = engine.load(
                        "augment",
                        Lowering.lower(graph, target, Map.of()).proto().toByteArray());
                var crops =
                        engine.allocate(input.crops(), DType.UINT8, draws.size(), input.canvas(), input.canvas(), 3);
                var drawn = engine.allocate(input.draws(), DType.FLOAT32, draws.size(), columns)) {
            MemorySegment pixels = arena.allocate(canvas * draws.size());
            MemorySegment values = arena.allocate(4 * columns * draws.size());
            CropWriter writer = new CropWriter(input);
            for (int i = 0; i < draws.size(); i++) {
                MemorySegment row = pixels.asSlice(i * canvas, canvas).fill((byte) 77); // as an older batch left it
                writer.writeCrop(image, draws.get(i), row);
                writer.writeDraws(draws.get(i), values.asSlice(4 * columns * i, 4 * columns));
            }
            crops.copyFrom(pixels);
            drawn.copyFrom(values);
            try (var outputs = model.run(Map.of(input.crops(), crops, input.draws(), drawn))) {
                byte[] made = new byte[draws.size() * 3 * input.size() * input.size()];
                outputs.get(input.views()).copyTo(MemorySegment.ofArray(made));
                return made;
            }
        }
    }

    private static void assertSame(long[] differences) {
        long all = IntStream.range(0, 256).mapToLong(i -> differences[i]).sum();
        assertEquals(
                all,
                differences[0],
                () -> "of " + all + " values " + differences[1] + " are off by 1, " + differences[2] + " by 2");
    }

    @ParameterizedTest
    @EnumSource(names = {"PORTABLE", "ORT"})
    void everyStepButBlurGivesTheVeryLevels(Target target) throws BrokenImageException {
        JitterSpec strong = new JitterSpec(0.9, 0.8, 0.8, 0.8, 0.5);
        ViewsSpec spec = spec(48, strong, 0.2, NO_BLUR, new SolarizeSpec(0.3, 90));
        RgbImage photo = Golden.photo();
        assertSame(differences(spec, CropInput.of("global", 1, 48), photo, draws(spec, photo, 64), target));
    }

    @ParameterizedTest
    @EnumSource(names = {"PORTABLE", "ORT"})
    void blurGivesTheLevelsOrTheNext(Target target) throws BrokenImageException {
        JitterSpec jitter = new JitterSpec(0.8, 0.4, 0.4, 0.2, 0.1);
        ViewsSpec spec = spec(40, jitter, 0.2, new BlurSpec(0.8, 23, new Interval(0.1, 2)), new SolarizeSpec(0.3, 128));
        RgbImage photo = Golden.photo();
        long[] differences = differences(spec, CropInput.of("global", 1, 40), photo, draws(spec, photo, 64), target);
        long others = IntStream.range(2, 256).mapToLong(i -> differences[i]).sum();
        assertEquals(0, others);
        // a sum of two passes lies on another side of the middle between two levels once in ten thousand pixels or less
        assertTrue(differences[1] < 1e-3 * differences[0], () -> differences[1] + " levels are off by one");
    }

    /// Sums of products come next to what float32 holds.
    @ParameterizedTest
    @CsvSource({"8, 120", "300, 769", "1024, 1354"})
    void largestCanvasesAreAsExact(int size, int canvas) {
        byte[] noise = new byte[3 * canvas * canvas];
        Draws levels = Key.of(3, "noise").draws();
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) (levels.bernoulli(0.5) ? 255 : levels.below(256));
        }
        RgbImage image = new RgbImage(canvas, canvas, noise);
        ViewsSpec spec = spec(size, new JitterSpec(0, 0, 0, 0, 0), 0, NO_BLUR, new SolarizeSpec(0, 128));
        List<ViewDraw> draws = Stream.of(new Box(0, 0, canvas, canvas), new Box(1, 2, canvas - 3, size / 3))
                .map(box -> new ViewDraw(box, size, true, Optional.empty(), false, OptionalDouble.empty(), false))
                .toList();
        assertSame(differences(spec, new CropInput("global", 1, size, canvas), image, draws, Target.ORT));
        assertThrows(IllegalArgumentException.class, () -> new CropInput("global", 1, size, canvas + 1));
    }

    @Test
    void kernelThatMirroredEdgesDoNotFillIsRefused() {
        BlurSpec blur = new BlurSpec(0.5, 23, new Interval(0.1, 2));
        ViewsSpec spec = spec(11, new JitterSpec(0, 0, 0, 0, 0), 0, blur, new SolarizeSpec(0, 128));
        List<CropInput> input = List.of(CropInput.of("global", 1, 11));
        assertThrows(IllegalArgumentException.class, () -> AugmentGraph.build(spec, 1, input));
    }

    /// Each golden view is a composition of PIL's own operations; the canvas takes the largest of its crops as it is.
    @ParameterizedTest
    @EnumSource(names = {"PORTABLE", "ORT"})
    void goldenViewsArePilsUpToOneLevelOfBlur(Target target) throws BrokenImageException {
        JitterSpec jitter = new JitterSpec(0.8, 0.4, 0.4, 0.2, 0.1);
        BlurSpec blur = new BlurSpec(0.5, 7, new Interval(0.1, 2));
        ViewsSpec spec = spec(48, jitter, 0.2, blur, new SolarizeSpec(0.2, 128));
        List<ViewDraw> draws = ViewPipelineTest.DRAWS;
        byte[] made = run(spec, new CropInput("global", 1, 48, 200), Golden.photo(), draws, target);
        for (int view = 0; view < draws.size(); view++) {
            int plane = 48 * 48;
            byte[] expected = Golden.image("golden/view" + view + ".npy").toArray();
            int allowed = draws.get(view).blurSigma().isPresent() ? 1 : 0;
            for (int i = 0; i < expected.length; i++) {
                int found = made[(view * 3 + i % 3) * plane + i / 3] & 0xFF;
                assertEquals(expected[i] & 0xFF, found, allowed, "view " + view + ", value " + i);
            }
        }
    }

    /// Colors on a grid of 64 levels, shifted by each of 64 hues. (The formulas were compared with PIL's for all.)
    @Test
    void hueOfEveryColorTurnsAsPilTurnsIt() {
        int side = 512;
        byte[] pixels = new byte[3 * side * side];
        for (int i = 0; i < side * side; i++) {
            pixels[3 * i] = (byte) ((i & 63) * 255 / 63);
            pixels[3 * i + 1] = (byte) ((i >> 6 & 63) * 255 / 63);
            pixels[3 * i + 2] = (byte) ((i >> 12 & 63) * 255 / 63);
        }
        RgbImage colors = new RgbImage(side, side, pixels);
        int size = 64;
        List<ViewDraw> draws = IntStream.range(0, side / size * (side / size))
                .mapToObj(i -> new ViewDraw(
                        new Box(i / (side / size) * size, i % (side / size) * size, size, size),
                        size,
                        false,
                        Optional.of(new JitterDraw(List.of(Change.HUE), 1, 1, 1, (i - 32) / 64.0)),
                        false,
                        OptionalDouble.empty(),
                        false))
                .toList();
        ViewsSpec spec = spec(size, new JitterSpec(1, 0, 0, 0, 0.5), 0, NO_BLUR, new SolarizeSpec(0, 128));
        assertSame(differences(spec, CropInput.of("global", 1, size), colors, draws, Target.PORTABLE));
    }
}
