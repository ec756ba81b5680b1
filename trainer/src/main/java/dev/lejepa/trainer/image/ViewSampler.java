package dev.lejepa.trainer.image;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.recipe.BlurSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.JitterSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.image.JitterDraw.Change;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Draws the parameters of views. Numbers are taken in a fixed order (crop, flip, jitter, grayscale, blur, solarize),
/// so that a view is a function of the recipe, the image's size and the stream alone.
public final class ViewSampler {
    private final ViewsSpec spec;

    public ViewSampler(ViewsSpec spec) {
        this.spec = spec;
    }

    /// @param crop the kind of view: global or local
    /// @param draws the stream of this view of this image in this epoch
    public ViewDraw draw(int imageHeight, int imageWidth, CropSpec crop, Draws draws) {
        Box box = RandomResizedCrop.draw(imageHeight, imageWidth, crop.scale(), spec.ratio(), draws);
        boolean flip = draws.bernoulli(spec.flip());
        Optional<JitterDraw> jitter =
                draws.bernoulli(spec.jitter().p()) ? Optional.of(jitter(spec.jitter(), draws)) : Optional.empty();
        boolean grayscale = draws.bernoulli(spec.grayscale());
        BlurSpec blur = spec.blur();
        OptionalDouble sigma = draws.bernoulli(blur.p())
                ? OptionalDouble.of(
                        draws.uniform(blur.sigma().low(), blur.sigma().high()))
                : OptionalDouble.empty();
        boolean solarize = draws.bernoulli(spec.solarize().p());
        return new ViewDraw(box, crop.size(), flip, jitter, grayscale, sigma, solarize);
    }

    /// A change of strength 0 is left out rather than made with a neutral factor: hue would round pixels even then.
    private static JitterDraw jitter(JitterSpec spec, Draws draws) {
        List<Change> order = new ArrayList<>(EnumSet.allOf(Change.class));
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, draws.below(i + 1));
        }
        double brightness = factor(spec.brightness(), draws);
        double contrast = factor(spec.contrast(), draws);
        double saturation = factor(spec.saturation(), draws);
        double hue = draws.uniform(-spec.hue(), spec.hue());
        order.removeIf(change -> strength(spec, change) == 0);
        return new JitterDraw(order, brightness, contrast, saturation, hue);
    }

    private static double factor(double strength, Draws draws) {
        return draws.uniform(Math.max(0, 1 - strength), 1 + strength);
    }

    private static double strength(JitterSpec spec, Change change) {
        return switch (change) {
            case BRIGHTNESS -> spec.brightness();
            case CONTRAST -> spec.contrast();
            case SATURATION -> spec.saturation();
            case HUE -> spec.hue();
        };
    }
}
