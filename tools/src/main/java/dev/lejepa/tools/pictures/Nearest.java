package dev.lejepa.tools.pictures;

import dev.lejepa.trainer.eval.Features;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The rows that are most like a query: the largest cosines.
///
/// @param row its number
/// @param similarity from -1 to 1
public record Nearest(int row, double similarity) {
    /// The `k` nearest, the nearest first; of equally near ones the earlier.
    ///
    /// @param query in which the query is row `number`
    public static List<Nearest> of(Features rows, Features query, int number, int k) {
        return IntStream.range(0, rows.rows())
                .mapToObj(row -> new Nearest(row, cosine(rows, row, query, number)))
                .sorted(Comparator.comparingDouble(Nearest::similarity).reversed())
                .limit(k)
                .toList();
    }

    private static double cosine(Features a, int i, Features b, int j) {
        var product = 0.0;
        var squaresA = 0.0;
        var squaresB = 0.0;
        for (var c = 0; c < a.columns(); c++) {
            product += (double) a.at(i, c) * b.at(j, c);
            squaresA += (double) a.at(i, c) * a.at(i, c);
            squaresB += (double) b.at(j, c) * b.at(j, c);
        }
        var lengths = Math.sqrt(squaresA * squaresB);
        return lengths > 0 ? product / lengths : 0;
    }
}
