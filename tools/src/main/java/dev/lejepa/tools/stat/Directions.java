package dev.lejepa.tools.stat;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.graphs.npy.NpyMatrix;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;

/// Directions `[d, count]` of unit length, row-major.
record Directions(float[] values, int d, int count) {
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    /// Columns of a file, normalized.
    static Directions read(Path file, NpyMatrix embeddings) {
        var matrix = NpyFile.matrix(file);
        var d = embeddings.columns();
        if (matrix.rows() != d) {
            throw new BadInputException(Text.format(
                    "%s: shape is [%d, %d], expected [%d, S], a row for each of the %d columns of %s",
                    file, matrix.rows(), matrix.columns(), d, d, embeddings.name()));
        }
        if (matrix.columns() == 0) {
            throw new BadInputException(Text.format("%s: shape is [%d, 0], expected at least one direction", file, d));
        }
        if ((long) d * matrix.columns() > LARGEST) {
            throw new BadInputException(Text.format(
                    "%s: shape is [%d, %d], expected at most %d numbers", file, d, matrix.columns(), LARGEST));
        }
        FiniteCheck.require(matrix);
        var values = new float[d * matrix.columns()];
        matrix.read(0, d, 0, matrix.columns(), values, matrix.columns());
        var directions = new Directions(values, d, matrix.columns());
        directions.normalize(PathText.shown(file));
        return directions;
    }

    /// Random ones, uniform on the sphere.
    static Directions random(Key key, int d, int count) {
        var values = new float[Math.multiplyExact(d, count)];
        Fill.normal(key, 0, MemorySegment.ofArray(values), 0, 1);
        var directions = new Directions(values, d, count);
        directions.normalize("directions");
        return directions;
    }

    private void normalize(String name) {
        var zeros = new ArrayList<Integer>();
        for (var s = 0; s < count; s++) {
            var squares = 0.0;
            for (var i = 0; i < d; i++) {
                squares += (double) values[i * count + s] * values[i * count + s];
            }
            if (squares == 0) {
                zeros.add(s);
                continue;
            }
            for (var i = 0; i < d; i++) {
                values[i * count + s] = (float) (values[i * count + s] / Math.sqrt(squares));
            }
        }
        if (!zeros.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: %d of %d columns are zero and so no directions, first: %s",
                    name, zeros.size(), count, zeros.subList(0, Math.min(5, zeros.size()))));
        }
    }
}
