package dev.lejepa.runtime.cuda;

import java.util.List;

/// Writes how a block adds up what its groups of threads have summed over their rows, for [RowSums] to add up
/// over blocks.
final class RowParts {
    private RowParts() {}

    /// Sums of a group, before its first row.
    static void begin(RowText text, List<Integer> sums) {
        for (var sum : sums) {
            text.line("float v%d[%d][4];", sum, text.grid().vectorsOfThread());
            text.loop(() -> text.line("for (int j = 0; j < 4; j++) { v%d[k][j] = 0; }", sum), false);
        }
    }

    /// The block's sums, group after group, to their places in `parts`.
    static void end(RowText text, List<Integer> sums) {
        var grid = text.grid();
        var c = text.shape().columns();
        text.line("__shared__ float sums[%d];", c);
        for (var i = 0; i < sums.size(); i++) {
            var sum = sums.get(i);
            text.line("for (unsigned g = 0; g < %du; g++) {", grid.groups());
            text.line("if (g == group) {");
            text.loop(() -> text.each("sums[column + j] = v%d[k][j] + (g == 0 ? 0.0f : sums[column + j]);", sum), true);
            text.line("}");
            text.line("__syncthreads();");
            text.line("}");
            text.line("for (unsigned c = threadIdx.x; c < %du; c += %du) {", c, grid.threads());
            text.line("parts[(unsigned long long)blockIdx.x * %du + %du + c] = sums[c];", sums.size() * c, i * c);
            text.line("}");
            text.line("__syncthreads();");
        }
    }
}
