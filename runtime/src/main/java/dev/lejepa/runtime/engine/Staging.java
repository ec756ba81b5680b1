package dev.lejepa.runtime.engine;

import java.lang.foreign.MemorySegment;

/// The way of host memory into a tensor that a running step may still read: the copy to the device goes on beside the
/// computation.
public interface Staging extends AutoCloseable {
    /// Begins to copy memory of exactly the tensor's size. The memory is free again when this returns.
    void put(MemorySegment source);

    /// The tensor holds what was put last for all runs from now on; runs that were begun before see what it held.
    void take();

    @Override
    void close();
}
