package dev.lejepa.runtime.kernel;

import java.util.List;

/// The processes that compute the same nodes in the same order, for kernels whose result depends on the operands of all.
@FunctionalInterface
public interface Peers {
    /// What all processes have, by rank. Every process gives as many numbers.
    ///
    /// @throws java.io.UncheckedIOException if another process is lost
    List<double[]> gather(double[] mine);

    /// Whether there are none, so that a process may decide by itself how it computes.
    default boolean alone() {
        return false;
    }

    /// Of a process that computes alone.
    static Peers none() {
        return new Peers() {
            @Override
            public List<double[]> gather(double[] mine) {
                return List.of(mine);
            }

            @Override
            public boolean alone() {
                return true;
            }
        };
    }
}
