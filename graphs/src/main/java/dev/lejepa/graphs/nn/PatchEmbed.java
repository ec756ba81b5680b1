package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.ShapeException;
import dev.lejepa.graphs.ir.Value;

/// The projection of an image's patches: a convolution with kernel = stride = patch, written as one product.
///
/// @param patch pixels per side
public record PatchEmbed(int patch, long dim, boolean bias) {
    /// @param images `[N, 3, H, W]`
    /// @return `[N, H W / patch^2, dim]`, row by row
    public Value forward(Scope s, Value images) {
        if (images.dim(2) % patch != 0 || images.dim(3) % patch != 0) {
            throw new ShapeException(Text.format(
                    "images of %d x %d px cannot be cut into patches of %d px", images.dim(2), images.dim(3), patch));
        }
        long p = patch;
        var n = images.dim(0);
        var rows = images.dim(2) / p;
        var cols = images.dim(3) / p;
        var fanIn = 3 * p * p;
        return s.within(Text.format("Conv2d 3 -> %d, %d px", dim, p), () -> {
            var weight = s.parameter("weight", Init.torchDefault(fanIn), dim, 3, p, p);
            var row = bias ? s.parameter("bias", Init.torchDefault(fanIn), dim) : null;
            var cut = images.reshape(n, 3, rows, p, cols, p)
                    .transpose(0, 2, 4, 1, 3, 5) // [N, rows, cols, 3, p, p]
                    .reshape(n * rows * cols, fanIn);
            var kernel = weight.reshape(dim, fanIn);
            var projected = row == null ? cut.gemm(kernel, false, true) : cut.gemm(kernel, false, true, row);
            return projected.reshape(n, rows * cols, dim);
        });
    }
}
