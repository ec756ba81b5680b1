package dev.lejepa.tools.stat;

import java.util.Optional;

/// What a test found.
///
/// @param test its name
/// @param n rows
/// @param d columns
/// @param statistic of all
/// @param perColumn of each column or slice; empty for tests of pairs
/// @param significance where the null law is known or was drawn
public record StatResult(
        String test,
        long n,
        int d,
        double statistic,
        Optional<double[]> perColumn,
        Optional<Significance> significance) {}
