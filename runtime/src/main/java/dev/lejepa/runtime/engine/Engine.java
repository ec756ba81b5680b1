package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.Target;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// A device with its memory and the threads or streams that compute on it. Everything made by an engine is closed before
/// the engine is.
public interface Engine extends AutoCloseable {
    /// The device as it was asked for: `cpu`, `cuda:0`, ...
    String device();

    EngineOptions options();

    /// How many times as fast as in float32 products of matrices are in bfloat16, measured now; less than 1 where they
    /// are slower. Empty where the engine cannot tell.
    OptionalDouble bfloat16Speedup();

    /// What graphs may use to run fastest here.
    Target target();

    /// Whether the device computes in host memory.
    boolean onHost();

    /// The stream of the device, for those who append to it; empty where the device is none of CUDA's.
    Optional<CudaStream> cudaStream();

    /// Bytes of the device's memory that nobody has taken; empty where the device computes in host memory.
    OptionalLong freeBytes();

    /// Bytes of the device's memory that this engine has taken so far. It gives none back while it is open, so they are
    /// its peak. 0 where the device computes in host memory.
    long takenBytes();

    /// Bytes among these that a device holds for what recorded graphs allocate while they run, as its libraries may.
    long recordedBytes();

    /// A new tensor of zeros on the device.
    ///
    /// @param name what messages call it
    DeviceTensor allocate(String name, DType dtype, long... shape);

    /// A new tensor of zeros in host memory, which the device reads through a copy.
    DeviceTensor allocateOnHost(String name, DType dtype, long... shape);

    /// A way into a tensor of [#allocate] that a running step does not notice.
    Staging staging(DeviceTensor target);

    /// A tensor over host memory that the caller owns and keeps alive until the tensor is closed; nothing is copied
    /// where the device computes in host memory.
    ///
    /// @param memory native memory of exactly the tensor's size, aligned to its elements
    DeviceTensor wrap(String name, DType dtype, MemorySegment memory, long... shape);

    /// Loads a graph from its file; weights stored beside it are found relative to that file.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the file is missing or no ONNX file
    /// @throws EngineException if the graph has a node that the device has no kernel for, and is not for [Use#ANY]
    Model load(Path graph, Use use);

    /// Loads a graph from its file for [Use#ANY].
    default Model load(Path graph) {
        return load(graph, Use.ANY);
    }

    /// Loads a graph from memory.
    ///
    /// @param name what messages call it
    Model load(String name, byte[] graph);

    @Override
    void close();
}
