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

    /// A canvas up to which bytes are cheaper than resizing before.
    private static final int SMALL = 256;

    public CropInput {
        if (count < 1 || size < 1 || size > LARGEST || canvas < size || canvas > largestCanvas(size)) {
            throw new IllegalArgumentException(Text.format(
                    "%d views of %d pixels from a canvas of %d: sizes go to %d, canvases from the size to %d",
                    count, size, canvas, LARGEST, largestCanvas(size)));
        }
    }

    /// With a canvas of three times the view's side up to 256 pixels, beyond that of twice. Of the default recipe's
    /// crops of photographs of 500 x 375 pixels nearly all fit as they are.
    public static CropInput of(String label, int count, int size) {
        var wanted = Math.max(2 * size, Math.min(3 * size, SMALL));
        return new CropInput(label, count, size, Math.min(wanted, largestCanvas(Math.min(size, LARGEST))));
    }

    /// The largest canvas whose sums float32 holds: the sum of [Resampling]'s weights must stay below 4095, and is at
    /// most `2 canvas^2 / size`, the area under the triangle, and `size / 2` for its being sampled; and an output is
    /// made of no more than 31 inputs, `2 canvas / size + 1`.
    private static int largestCanvas(int size) {
        var bySums = (int) Math.sqrt(size * (4095 - size / 2.0) / 2);
        return Math.max(size, Math.min(15 * size, bySums));
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
