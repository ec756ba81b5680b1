package dev.lejepa.graphs.nn;

/// How a parameter or buffer starts. The values are a function of the seed and the tensor's name alone.
public sealed interface Init {
    record Constant(double value) implements Init {}

    /// Normal with mean 0. timm's `trunc_normal_` cuts at an absolute 2, a hundred of its usual deviations of 0.02, so
    /// it is this one too.
    record Normal(double std) implements Init {}

    /// Uniform on `[-bound, bound]`.
    record Uniform(double bound) implements Init {}

    /// Normal with mean 0 and this deviation before what lies beyond two deviations is cut off (timm's
    /// `trunc_normal_tf_`).
    record TruncatedNormal(double std) implements Init {}

    /// One start for the first half of the elements, another one for the second.
    record Halves(Init first, Init second) implements Init {}

    static Init zeros() {
        return new Constant(0);
    }

    static Init ones() {
        return new Constant(1);
    }

    /// torch's default of Linear and Conv2d, weight and bias: uniform within `1 / sqrt(fanIn)`.
    static Init torchDefault(long fanIn) {
        return new Uniform(1 / Math.sqrt(fanIn));
    }
}
