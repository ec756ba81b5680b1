package dev.lejepa.graphs.recipe;

/// Decay rates of Adam's two moments.
public record Betas(double first, double second) {}
