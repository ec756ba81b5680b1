package dev.lejepa.graphs.pretrained;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.PositionResampling;
import dev.lejepa.graphs.weights.StoredTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Position embeddings of one grid of patches for another. Before those of patches may stand those of the class token
/// and of registers, which no grid changes.
final class Positions {
    private Positions() {}

    /// @param tensor for the model
    /// @param classPosition of the file's class token, where the model has no place for it
    /// @param note what was done; empty for nothing
    record Fitted(StoredTensor tensor, Optional<float[]> classPosition, String note) {}

    /// @param found `[1, prefix + rows cols, dim]`
    /// @param shape the same of the model
    /// @param grid of the model
    /// @param classToken whether the file has a class token
    /// @return empty where no grid explains the numbers of positions
    static Optional<Fitted> fit(StoredTensor found, List<Long> shape, PatchGrid grid, boolean classToken) {
        if (found.shape().size() != 3 || !found.shape().get(2).equals(shape.get(2))) {
            return Optional.empty();
        }
        int have = Math.toIntExact(found.shape().get(1));
        int prefix = Math.toIntExact(shape.get(1)) - grid.count();
        var tried = classToken ? IntStream.of(prefix, 1, 0) : IntStream.of(0, 1);
        return tried.filter(p -> p <= have)
                .mapToObj(p -> grid(have - p, grid).map(old -> new Old(p, old)))
                .flatMap(Optional::stream)
                .findFirst()
                .map(old -> fitted(found, shape, old, prefix, grid));
    }

    private record Old(int prefix, PatchGrid grid) {}

    /// The grid of so many patches: the model's own if it has as many, else a square.
    private static Optional<PatchGrid> grid(int patches, PatchGrid wanted) {
        if (patches == wanted.count()) {
            return Optional.of(wanted);
        }
        int side = (int) Math.round(Math.sqrt(patches));
        return side > 0 && side * side == patches ? Optional.of(new PatchGrid(side, side)) : Optional.empty();
    }

    private static Fitted fitted(StoredTensor found, List<Long> shape, Old old, int prefix, PatchGrid grid) {
        int dim = Math.toIntExact(shape.get(2));
        var positions = new float[(prefix + grid.count()) * dim];
        float[] all = found.floats();
        System.arraycopy(all, 0, positions, 0, Math.min(prefix, old.prefix()) * dim);
        if (old.grid().equals(grid)) {
            System.arraycopy(all, old.prefix() * dim, positions, prefix * dim, grid.count() * dim);
        } else {
            resample(all, old, positions, prefix, grid, dim);
        }
        Optional<float[]> left =
                prefix == 0 && old.prefix() > 0 ? Optional.of(Arrays.copyOf(all, dim)) : Optional.empty();
        return new Fitted(StoredTensor.of(shape, positions), left, note(old, prefix, grid));
    }

    private static String note(Old old, int prefix, PatchGrid grid) {
        String resampled = old.grid().equals(grid)
                ? ""
                : Text.format("pos_embed resampled from %s to %s patches", old.grid(), grid);
        String added = prefix <= old.prefix()
                ? ""
                : "pos_embed has no place for the class token in the file, it starts at zero";
        return resampled.isEmpty() || added.isEmpty() ? resampled + added : resampled + "; " + added;
    }

    private static void resample(float[] from, Old old, float[] to, int prefix, PatchGrid grid, int dim) {
        var matrix = PositionResampling.matrix(old.grid().rows(), old.grid().cols(), grid.rows(), grid.cols());
        int patches = old.grid().count();
        var sum = new double[dim];
        for (int row = 0; row < grid.count(); row++) {
            Arrays.fill(sum, 0);
            for (int patch = 0; patch < patches; patch++) {
                double weight = matrix.get(row * patches + patch);
                if (weight != 0) {
                    int at = (old.prefix() + patch) * dim;
                    for (int i = 0; i < dim; i++) {
                        sum[i] += weight * from[at + i];
                    }
                }
            }
            for (int i = 0; i < dim; i++) {
                to[(prefix + row) * dim + i] = (float) sum[i];
            }
        }
    }
}
