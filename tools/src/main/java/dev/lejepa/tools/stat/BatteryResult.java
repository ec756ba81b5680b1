package dev.lejepa.tools.stat;

import java.util.List;

/// What all tests found.
///
/// @param n rows of the file
/// @param d columns
/// @param slicedRows rows that the tests of columns or slices saw
/// @param pairedRows rows that the tests of pairs saw
/// @param slices random directions; 0 for a single column, which is tested itself
/// @param tests one after the other
/// @param departures in words
/// @param verdict one sentence
public record BatteryResult(
        long n,
        int d,
        int slicedRows,
        int pairedRows,
        int slices,
        List<Row> tests,
        List<String> departures,
        String verdict) {
    /// One test.
    ///
    /// @param statistic its mean over slices
    /// @param expected mean under `N(0, I)`
    /// @param pValue Bonferroni's over slices
    /// @param method how it is known
    public record Row(String test, double statistic, double expected, double pValue, String method) {}
}
