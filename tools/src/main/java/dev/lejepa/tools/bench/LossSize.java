package dev.lejepa.tools.bench;

import dev.lejepa.graphs.losses.MultivariateTest;
import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.losses.TestParameters;
import dev.lejepa.graphs.recipe.Regularizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A regularizer and the size of its problem.
///
/// @param n samples
/// @param k width
/// @param s slices
/// @param p knots
public record LossSize(Regularizer test, int n, int k, int s, int p) {
    /// What can grow.
    public enum Dimension {
        N,
        K,
        S,
        P;

        /// Its letter in options and results.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private boolean isOf(Regularizer test) {
            return switch (this) {
                case N, K -> true;
                case S -> !test.isPairwise();
                case P -> test == Regularizer.EPPS_PULLEY;
            };
        }
    }

    /// The dimensions that the test has.
    public List<Dimension> dimensions() {
        return Arrays.stream(Dimension.values()).filter(d -> d.isOf(test)).toList();
    }

    /// How large it is along a dimension.
    public int along(Dimension dimension) {
        return switch (dimension) {
            case N -> n;
            case K -> k;
            case S -> s;
            case P -> p;
        };
    }

    /// A size `factor` times as large along a dimension; empty where that is more than there can be.
    public Optional<LossSize> grown(Dimension dimension, int factor) {
        var size = dimension == Dimension.P ? (p - 1L) * factor + 1 : (long) along(dimension) * factor; // P stays odd
        return size > Integer.MAX_VALUE ? Optional.empty() : Optional.of(with(dimension, (int) size));
    }

    private LossSize with(Dimension dimension, int size) {
        return switch (dimension) {
            case N -> new LossSize(test, size, k, s, p);
            case K -> new LossSize(test, n, size, s, p);
            case S -> new LossSize(test, n, k, size, p);
            case P -> new LossSize(test, n, k, s, size);
        };
    }

    /// The test itself.
    MultivariateTest build() {
        var parameters = new LinkedHashMap<String, String>();
        if (Dimension.S.isOf(test)) {
            parameters.put("slices", Integer.toString(s));
        }
        if (Dimension.P.isOf(test)) {
            parameters.put("knots", Integer.toString(p));
        }
        return TestCatalog.multivariate(test, new TestParameters("--test", parameters));
    }
}
