package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.trainer.image.Crops.Crop;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.image.ViewDraw;
import dev.lejepa.trainer.image.ViewSampler;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Random crops, drawn by the size of the whole picture alone.
///
/// @param writer makes of a draw what the group holds
record DrawnViews(ViewSampler sampler, CropSpec spec, Writer writer) implements ViewMaker {
    /// Makes one view, or what a device makes it of.
    @FunctionalInterface
    interface Writer {
        /// @param draw whose crop lies in `image`
        void write(RgbImage image, ViewDraw draw, MemorySegment to);
    }

    @Override
    public void make(RgbImage image, Draws draws, MemorySegment to) {
        writer.write(
                image,
                sampler.draw(image.wholeHeight(), image.wholeWidth(), spec, draws)
                        .in(image),
                to);
    }

    @Override
    public Optional<Crop> crop(int width, int height, Draws draws) {
        return Optional.of(new Crop(sampler.draw(height, width, spec, draws).crop(), spec.size()));
    }
}
