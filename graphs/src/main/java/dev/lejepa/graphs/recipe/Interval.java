package dev.lejepa.graphs.recipe;

/// A closed range of numbers, `low` to `high`.
public record Interval(double low, double high) {}
