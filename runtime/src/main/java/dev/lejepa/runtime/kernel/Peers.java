package dev.lejepa.runtime.kernel;

import java.util.List;

/// The processes that compute the same nodes in the same order, for kernels whose result depends on the operands of all.
@FunctionalInterface
public interface Peers {
    /// What all processes have, by rank. Every process gives as many numbers.
    ///
    /// @throws java.io.UncheckedIOException if another process is lost
    List<double[]> gather(double[] mine);

    /// Of a process that computes alone.
    static Peers none() {
        return List::of;
    }
}
