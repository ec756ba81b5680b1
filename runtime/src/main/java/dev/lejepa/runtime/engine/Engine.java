package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.OptionalDouble;

/// A device with its memory and the threads or streams that compute on it. Everything made by an engine is closed before
/// the engine is.
public interface Engine extends AutoCloseable {
    /// The device as it was asked for: `cpu`, `cuda:0`, ...
    String device();

    EngineOptions options();

    /// How many times as fast as in float32 products of matrices are in bfloat16, measured now; less than 1 where they
    /// are slower. Empty where the engine cannot tell.
    OptionalDouble bfloat16Speedup();

    /// A new tensor of zeros on the device.
    ///
    /// @param name what messages call it
    DeviceTensor allocate(String name, DType dtype, long... shape);

    /// A tensor over host memory that the caller owns and keeps alive until the tensor is closed; nothing is copied
    /// where
    /// the device computes in host memory.
    ///
    /// @param memory native memory of exactly the tensor's size, aligned to its elements
    DeviceTensor wrap(String name, DType dtype, MemorySegment memory, long... shape);

    /// Loads a graph from its file; weights stored beside it are found relative to that file.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the file is missing or no ONNX file
    Model load(Path graph);

    /// Loads a graph from memory.
    ///
    /// @param name what messages call it
    Model load(String name, byte[] graph);

    @Override
    void close();
}
