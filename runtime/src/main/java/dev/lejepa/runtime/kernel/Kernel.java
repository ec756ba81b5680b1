package dev.lejepa.runtime.kernel;

/// Computes one node of a graph. A node is never computed twice at the same time, so a kernel may keep buffers.
public interface Kernel extends AutoCloseable {
    /// Reads the inputs, asks for the outputs and fills them.
    void compute(KernelCall call);

    /// Frees what the kernel holds outside the heap.
    @Override
    void close();
}
