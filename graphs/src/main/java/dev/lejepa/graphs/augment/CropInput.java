package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.CropSpec;

/// Views of one size, and how the crops that they are made of come: each in the top left corner of a square canvas.
///
/// @param label of the views: `global`, `local`
/// @param count views per image, `V`
/// @param size of the views in pixels
/// @param canvas side of the canvas in pixels; larger crops are resized before
public record CropInput(String label, int count, int size, int canvas) {
    /// Up to here products of weights and levels are whole numbers that float32 holds.
    private static final int LARGEST = CropSpec.LARGEST_AS_GRAPH;

    public CropInput {
        if (count < 1 || size < 1 || size > LARGEST || canvas < size || canvas > largestCanvas(size)) {
            throw new IllegalArgumentException(Text.format(
                    "%d views of %d pixels from a canvas of %d: sizes go to %d, canvases from the size to %d",
                    count, size, canvas, LARGEST, largestCanvas(size)));
        }
    }

    /// With a canvas of twice the view's side, as far as that goes: four crops in five of a photograph of 500 x 375
    /// pixels fit as they are.
    public static CropInput of(String label, int count, int size) {
        return new CropInput(label, count, size, Math.min(2 * size, largestCanvas(Math.min(size, LARGEST))));
    }

    /// The largest canvas for which the sum of [Resampling]'s weights stays below 4095: it is at most
    /// `2 canvas^2 / size`, the area under the triangle, and `size / 2` for its being sampled.
    private static int largestCanvas(int size) {
        return Math.max(size, (int) Math.sqrt(size * (4095 - size / 2.0) / 2));
    }

    /// The input of bytes `[N V, canvas, canvas, 3]`.
    public String crops() {
        return "crops." + label;
    }

    /// The input of float32 `[N V, columns]`, as [DrawColumn] lists them.
    public String draws() {
        return "draws." + label;
    }

    /// The output of bytes `[N V, 3, size, size]`.
    public String views() {
        return "views." + label;
    }
}
