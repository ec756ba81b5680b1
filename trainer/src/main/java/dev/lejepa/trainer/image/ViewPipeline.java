package dev.lejepa.trainer.image;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import java.lang.foreign.MemorySegment;

/// Makes views: crop and resize, color jitter, grayscale, blur, solarize, flip.
///
/// The flip comes last, as in the method's minimal script. Nothing depends on its place: every other step after the
/// crop treats a mirrored image as it treats the image (up to the order of a blur's summation), so recipes that flip
/// first mean the same. Keeps scratch buffers: one per worker.
public final class ViewPipeline {
    private final int blurKernel;
    private final int threshold;
    private final Resizer resizer = new Resizer();
    private final HueShift hueShift = new HueShift();
    private final GaussianBlur blur = new GaussianBlur();
    private final PlanarImage view = new PlanarImage();

    /// @throws BadInputException if the blur's kernel is too large for the views
    public ViewPipeline(ViewsSpec spec) {
        blurKernel = spec.blur().kernel();
        threshold = spec.solarize().threshold();
        if (spec.blur().p() > 0) {
            requireRoom("views.global.size", spec.global());
            requireRoom("views.local.size", spec.local());
        }
    }

    /// Writes a view, bytes `[3, size, size]`.
    ///
    /// @param offset of the view's first byte in `out`
    public void write(RgbImage image, ViewDraw draw, MemorySegment out, long offset) {
        transform(image, draw);
        view.write(out, offset, draw.flip());
    }

    /// The view as a picture.
    public void render(RgbImage image, ViewDraw draw, RgbImage out) {
        transform(image, draw);
        if (draw.flip()) {
            view.flip();
        }
        view.store(out);
    }

    /// All but the flip.
    private void transform(RgbImage image, ViewDraw draw) {
        resizer.resize(image, draw.crop(), draw.size(), draw.size(), view);
        draw.jitter().ifPresent(jitter -> jitter.apply(view, hueShift));
        if (draw.grayscale()) {
            ColorOps.grayscale(view);
        }
        if (draw.blurSigma().isPresent()) {
            blur.apply(view, blurKernel, draw.blurSigma().getAsDouble());
        }
        if (draw.solarize()) {
            ColorOps.solarize(view, threshold);
        }
    }

    private void requireRoom(String key, CropSpec crop) {
        if (crop.count() > 0 && crop.size() <= blurKernel / 2) {
            throw new BadInputException(key + " is " + crop.size() + ", but views.blur.kernel " + blurKernel
                    + " needs at least " + (blurKernel / 2 + 1) + " (edges are mirrored)");
        }
    }
}
