package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.recipe.BlurSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.JitterSpec;
import dev.lejepa.graphs.recipe.SolarizeSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.ViewGroup;
import java.util.Optional;

/// What the health of an encoder's features is read from: images, and augmented views of some of them.
///
/// @param workers threads that make views
public record HealthReader(Encoder encoder, int workers) {
    /// Views of an image. Thilak et al. (https://arxiv.org/abs/2312.04000) find ten within a percent of fifty.
    private static final int VIEWS = 10;

    /// Images that views are made of, at most. Fewer than the features' columns would bound LiDAR.
    private static final int IMAGES = 1000;

    private static final int LEAST_IMAGES = 2;
    private static final long SEED = 0;

    /// How views are made for all encoders, whatever they were trained with, so that they compare: as the method's
    /// minimal script makes them.
    public static ViewsSpec usualViews() {
        var defaults = ViewsSpec.defaults();
        var none = new CropSpec(0, defaults.local().size(), defaults.local().scale());
        return new ViewsSpec(
                new CropSpec(VIEWS, defaults.global().size(), new Interval(0.08, 1.0)),
                none,
                defaults.ratio(),
                0.5,
                new JitterSpec(0.8, 0.8, 0.8, 0.8, 0.2),
                0.2,
                new BlurSpec(0.5, 7, new Interval(0.1, 2.0)),
                new SolarizeSpec(0.1, 128),
                defaults.mean(),
                defaults.std());
    }

    /// Shows ten views of up to 1,000 images to the encoder, the same for all encoders.
    ///
    /// @param output of the encoder that is looked at
    /// @param views how images are augmented; only the global ones are made, of the size that the encoder takes
    /// @return row `n*10 + v` is view `v` of image `n`; nothing for a single image
    public Optional<Features> views(ImageStore images, String output, ViewsSpec views) throws InterruptedException {
        if (images.source().size() < LEAST_IMAGES) {
            return Optional.empty();
        }
        var crop =
                new CropSpec(VIEWS, encoder.preparation().size(), views.global().scale());
        var group = ViewGroup.augmented("views", views.withCrops(crop, views.local()), crop);
        return Optional.of(new ViewReader(encoder, workers).read(images, group, output, IMAGES, SEED));
    }

    /// Looks at features of images and at those of [#views].
    public static HealthReport report(Features images, Optional<Features> views) {
        return new HealthReport(Health.of(images), views.map(rows -> Health.ofViews(rows, VIEWS)), VIEWS);
    }
}
