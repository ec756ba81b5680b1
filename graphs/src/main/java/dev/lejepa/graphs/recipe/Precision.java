package dev.lejepa.graphs.recipe;

/// The number format that activations and matrix products are computed in.
public enum Precision implements Choice {
    FP32,
    /// Mixed precision: bfloat16 products, fp32 parameters and statistics.
    BF16
}
