package dev.lejepa.graphs.losses;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// The quantiles between which values of a rank are not counted, from the rank's density on 1000 points of `[-7, 7]`.
final class CutOffs {
    private static final int POINTS = 1000;
    private static final double END = 7;

    private final double[] low;
    private final double[] high;

    CutOffs(Ranks ranks, double alpha, Form form) {
        var logBelow = new double[POINTS];
        var logAbove = new double[POINTS];
        Arrays.setAll(logBelow, j -> LogNormalCdf.at(grid(j), form));
        Arrays.setAll(logAbove, j -> LogNormalCdf.at(-grid(j), form));
        low = new double[ranks.count()];
        high = new double[ranks.count()];
        for (var i = 0; i < low.length; i++) {
            var area = area(ranks, i, logBelow, logAbove);
            // The area up to point `j + 1` stands at `j`.
            IntUnaryOperator point = j -> form == Form.STANDARD ? j + 1 : j;
            low[i] = grid(point.applyAsInt(first(area, alpha)));
            high[i] = grid(point.applyAsInt(first(area, 1 - alpha)));
        }
    }

    private static double grid(int j) {
        return -END + 2 * END * j / (POINTS - 1);
    }

    /// The integral of a rank's density, by trapezoids.
    private static double[] area(Ranks ranks, int i, double[] logBelow, double[] logAbove) {
        var area = new double[POINTS - 1];
        var before = 0.0;
        var sum = 0.0;
        for (var j = 0; j < POINTS; j++) {
            var x = grid(j);
            var log = ranks.logBinomial(i)
                    + (ranks.rank(i) - 1) * logBelow[j]
                    + ranks.above(i) * logAbove[j]
                    - x * x / 2
                    - Math.log(2 * Math.PI) / 2;
            var density = Math.exp(log);
            if (j > 0) {
                sum += (before + density) / 2 * (2 * END / (POINTS - 1));
                area[j - 1] = sum;
            }
            before = density;
        }
        return area;
    }

    /// The first place where the area exceeds a limit; 0 if it does nowhere.
    private static int first(double[] area, double limit) {
        for (var j = 0; j < area.length; j++) {
            if (area[j] > limit) {
                return j;
            }
        }
        return 0;
    }

    double low(int i) {
        return low[Math.min(i, low.length - 1)];
    }

    double high(int i) {
        return high[Math.min(i, high.length - 1)];
    }
}
