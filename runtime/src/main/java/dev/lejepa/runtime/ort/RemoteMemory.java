package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.CudaStream;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.bytedeco.onnxruntime.OrtMemoryInfo;
import org.bytedeco.onnxruntime.Session;

/// Memory that the host cannot read, and the copies to and from it. Copies follow each other and the computations in the
/// order of the calls, except [#copyBeside].
interface RemoteMemory extends AutoCloseable {
    /// As ONNX Runtime names it.
    OrtMemoryInfo where();

    long allocate(String name, long bytes);

    void free(long address);

    void upload(long target, MemorySegment source);

    /// Returns when all is there.
    void download(MemorySegment target, long source);

    void zero(long address, long bytes);

    void copy(long target, long source, long bytes);

    /// Host memory that copies fastest; for [#copyBeside].
    MemorySegment allocateHost(long bytes);

    void freeHost(MemorySegment memory);

    /// A new lane for [#copyBeside].
    Lane lane();

    /// Begins a copy beside the computations, as soon as what followed the lane's last copy is done.
    void copyBeside(Lane lane, long target, MemorySegment source);

    /// What is called from now on follows the lane's copy; the lane's next copy follows what was called until `release`.
    void join(Lane lane);

    /// The lane's target was read by what was called until now.
    void release(Lane lane);

    /// Waits until the lane's copy has read its source.
    void await(Lane lane);

    /// Why nothing can be computed there any more; empty while it can. Waits for what was begun.
    Optional<CudaException> lost();

    /// Ends a session: waits for what it computes and for what that calls on the host.
    void end(Session session);

    /// The CUDA stream of all computations; empty where they are none of CUDA's.
    default Optional<CudaStream> cudaStream() {
        return Optional.empty();
    }

    /// Bytes that nobody has taken.
    long freeBytes();

    /// Bytes that are held for what recorded graphs allocate.
    long recordedBytes();

    @Override
    void close();

    /// One copy after another into the same place.
    interface Lane extends AutoCloseable {
        @Override
        void close();
    }
}
