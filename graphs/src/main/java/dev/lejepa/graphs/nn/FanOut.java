package dev.lejepa.graphs.nn;

/// Normal initialization of a convolution that keeps the variance of gradients, `std = sqrt(2 / fan_out)`: `fan_out` is
/// the number of results that an input takes part in.
public enum FanOut {
    /// As if there were no groups: torch's `kaiming_normal_(mode="fan_out")`.
    WHOLE,
    /// Of the input's own group.
    GROUP;

    /// @param out channels of the result
    /// @param elements of the kernel
    public Init of(long out, int elements, int groups) {
        var fan = out * elements / (this == GROUP ? groups : 1);
        return new Init.Normal(Math.sqrt(2.0 / fan));
    }
}
