package dev.lejepa.runtime.kernel;

import java.util.function.IntConsumer;

/// One computation of a node: its tensors in host memory, and the engine's threads.
public interface KernelCall {
    /// Whether the node has this input: an optional one may be absent.
    boolean has(int input);

    long[] shape(int input);

    /// Address of an input's elements.
    long input(int index);

    /// Address of an output's elements.
    long output(int index, long... shape);

    /// Runs `body` for `0 .. tasks-1` on the engine's threads, and returns when all are done.
    void parallel(int tasks, IntConsumer body);
}
