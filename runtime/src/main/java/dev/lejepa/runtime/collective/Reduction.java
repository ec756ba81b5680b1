package dev.lejepa.runtime.collective;

/// A sum over processes that was begun.
@FunctionalInterface
public interface Reduction {
    /// Waits until the numbers are the sums. A second call returns at once.
    void await();
}
