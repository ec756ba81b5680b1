package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.trainer.image.Crops.Crop;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.image.ViewPipeline;
import dev.lejepa.trainer.image.ViewSampler;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Random crops, augmented as a recipe says. What is drawn depends on the size of the whole image alone.
record AugmentedViews(ViewSampler sampler, ViewPipeline pipeline, CropSpec spec) implements ViewMaker {
    @Override
    public void make(RgbImage image, Draws draws, MemorySegment to) {
        pipeline.write(image, sampler.draw(image.wholeHeight(), image.wholeWidth(), spec, draws), to, 0);
    }

    @Override
    public Optional<Crop> crop(int width, int height, Draws draws) {
        return Optional.of(new Crop(sampler.draw(height, width, spec, draws).crop(), spec.size()));
    }
}
