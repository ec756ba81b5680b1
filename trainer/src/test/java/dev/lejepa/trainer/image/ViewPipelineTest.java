package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.recipe.BlurSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.image.JitterDraw.Change;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewPipelineTest {
    private static final OptionalDouble NO_BLUR = OptionalDouble.empty();

    /// Parameters of the golden case, which composes PIL's operations in the order of the minimal script.
    static final List<ViewDraw> DRAWS = List.of(
            view(new Box(0, 41, 198, 142), true, "2031", 0.5475, 1.3402, 1.1497, -0.1635, false, blur(1.1607), false),
            view(new Box(59, 64, 114, 125), true, "3120", 0.5242, 0.9908, 1.2958, 0.1345, false, NO_BLUR, true),
            view(new Box(70, 96, 93, 51), false, "3210", 1.1758, 1.7516, 1.7439, -0.1609, true, blur(0.9541), false),
            view(new Box(50, 134, 111, 54), false, "2301", 0.5938, 1.5177, 0.5466, 0.0859, false, blur(0.9038), true),
            view(new Box(32, 11, 54, 177), false, "", 1, 1, 1, 0, false, NO_BLUR, false));

    private static OptionalDouble blur(double sigma) {
        return OptionalDouble.of(sigma);
    }

    private static ViewDraw view(
            Box crop,
            boolean flip,
            String order,
            double brightness,
            double contrast,
            double saturation,
            double hue,
            boolean gray,
            OptionalDouble sigma,
            boolean solarize) {
        List<Change> changes =
                order.chars().mapToObj(c -> Change.values()[c - '0']).toList();
        Optional<JitterDraw> jitter = changes.isEmpty()
                ? Optional.empty()
                : Optional.of(new JitterDraw(changes, brightness, contrast, saturation, hue));
        return new ViewDraw(crop, 48, flip, jitter, gray, sigma, solarize);
    }

    private static ViewsSpec spec(int size, int kernel) {
        ViewsSpec d = ViewsSpec.defaults();
        return new ViewsSpec(
                new CropSpec(2, size, new Interval(0.3, 1)),
                new CropSpec(0, 98, new Interval(0.05, 0.3)),
                d.ratio(),
                d.flip(),
                d.jitter(),
                d.grayscale(),
                new BlurSpec(0.5, kernel, new Interval(0.1, 2)),
                d.solarize(),
                d.mean(),
                d.std());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void viewEqualsTheCompositionOfPilsOperations(int view) throws BrokenImageException {
        RgbImage out = new RgbImage();
        new ViewPipeline(spec(48, 7)).render(Golden.photo(), DRAWS.get(view), out);
        Golden.assertSamePixels(Golden.image("golden/view" + view + ".npy"), out);
    }

    @Test
    void normalizedViewEqualsTorchvisionBitForBit() throws BrokenImageException {
        byte[] batch = new byte[3 * 48 * 48 + 7];
        new ViewPipeline(spec(48, 7)).write(Golden.photo(), DRAWS.get(1), MemorySegment.ofArray(batch), 7);
        float[] normalized = new float[3 * 48 * 48];
        new Normalizer(Golden.MEAN, Golden.STD, 48 * 48)
                .write(MemorySegment.ofArray(batch).asSlice(7), MemorySegment.ofArray(normalized));
        assertArrayEquals(Golden.floats("golden/view1_normalized.npy"), normalized);
    }

    @Test
    void renderedPictureIsWhatTheNetworkSees() throws BrokenImageException {
        ViewPipeline pipeline = new ViewPipeline(spec(48, 7));
        byte[] seen = new byte[3 * 48 * 48];
        byte[] expected = new byte[3 * 48 * 48];
        RgbImage picture = new RgbImage();
        for (ViewDraw draw : DRAWS) {
            pipeline.write(Golden.photo(), draw, MemorySegment.ofArray(seen), 0);
            pipeline.render(Golden.photo(), draw, picture);
            Golden.planar(picture).write(MemorySegment.ofArray(expected), 0);
            assertArrayEquals(expected, seen);
        }
    }

    @Test
    void kernelTooLargeForTheViewIsRefusedByName() {
        BadInputException e = assertThrows(BadInputException.class, () -> new ViewPipeline(spec(11, 23)));
        assertEquals(
                "views.global.size is 11, but views.blur.kernel 23 needs at least 12 (edges are mirrored)",
                e.getMessage());
        new ViewPipeline(spec(12, 23));
    }
}
