package dev.lejepa.graphs.nn;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How the elements of a random input are drawn, independently of each other.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Distribution.Normal.class, name = "normal"),
    @JsonSubTypes.Type(value = Distribution.Uniform.class, name = "uniform"),
    @JsonSubTypes.Type(value = Distribution.Bernoulli.class, name = "bernoulli")
})
public sealed interface Distribution {
    /// Normal with this mean and standard deviation.
    record Normal(double mean, double std) implements Distribution {}

    /// Uniform on `[low, high)`.
    record Uniform(double low, double high) implements Distribution {}

    /// `value` with probability `p`, else 0. Drop path keeps a sample with probability `p` and divides it by `p`.
    record Bernoulli(double p, double value) implements Distribution {}
}
