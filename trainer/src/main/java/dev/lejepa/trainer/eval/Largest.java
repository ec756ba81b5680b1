package dev.lejepa.trainer.eval;

import java.util.Arrays;

/// The rows with the largest values among all that were offered, in falling order; of equal ones the earlier.
final class Largest {
    private final float[] values;
    private final int[] rows;

    Largest(int size) {
        values = new float[size];
        rows = new int[size];
        Arrays.fill(values, Float.NEGATIVE_INFINITY);
    }

    /// Offers the rows from `firstRow` on.
    ///
    /// @param from place of the first one's value in `all`
    void offer(float[] all, int from, int count, int firstRow) {
        var last = values.length - 1;
        var least = values[last];
        for (var i = 0; i < count; i++) {
            var value = all[from + i];
            if (value > least) {
                var at = last;
                for (; at > 0 && value > values[at - 1]; at--) {
                    values[at] = values[at - 1];
                    rows[at] = rows[at - 1];
                }
                values[at] = value;
                rows[at] = firstRow + i;
                least = values[last];
            }
        }
    }

    int size() {
        return values.length;
    }

    float value(int place) {
        return values[place];
    }

    int[] rows() {
        return rows;
    }
}
