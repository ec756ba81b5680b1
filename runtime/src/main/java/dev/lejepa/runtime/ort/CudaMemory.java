package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.cudart.CudaRuntime;
import dev.lejepa.runtime.engine.CudaStream;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.bytedeco.onnxruntime.Allocator;
import org.bytedeco.onnxruntime.MemoryInfo;
import org.bytedeco.onnxruntime.OrtMemoryInfo;
import org.bytedeco.onnxruntime.Session;
import org.jspecify.annotations.Nullable;

/// The memory of an NVIDIA device. One stream has all computations, and the copies among them; another one copies
/// beside it.
final class CudaMemory implements RemoteMemory {
    private static final int DEVICE_ALLOCATOR = 0; // OrtDeviceAllocator, a number that the bindings leave out
    private static final int MEMORY_DEFAULT = 0; // OrtMemTypeDefault
    private static final int MEMORY_PINNED = -1; // OrtMemTypeCPUOutput

    private final CudaRuntime cuda;
    private final int device;
    private final MemoryInfo memory;
    private final OrtMemoryInfo where;
    private final long stream;
    private final long beside;

    CudaMemory(CudaRuntime cuda, int device) {
        this.cuda = cuda;
        this.device = device;
        this.memory = new MemoryInfo("Cuda", DEVICE_ALLOCATOR, device, MEMORY_DEFAULT);
        this.where = memory.asOrtMemoryInfo();
        this.stream = cuda.stream();
        this.beside = cuda.stream();
    }

    /// The stream of all computations.
    long stream() {
        return stream;
    }

    @Override
    public Optional<CudaStream> cudaStream() {
        return Optional.of(new CudaStream(device, stream));
    }

    @Override
    public OrtMemoryInfo where() {
        return where;
    }

    @Override
    public long allocate(String name, long bytes) {
        try {
            return cuda.allocate(bytes);
        } catch (CudaException e) {
            if (e.isOutOfMemory()) {
                throw new DeviceMemoryException(name, bytes, cuda.freeBytes(), cuda.totalBytes());
            }
            throw e;
        }
    }

    @Override
    public void free(long address) {
        cuda.free(address);
    }

    /// Waits for the copy: CUDA does not promise to have read pageable memory when it returns.
    @Override
    public void upload(long target, MemorySegment source) {
        if (source.isNative()) {
            cuda.toDevice(target, source, stream);
            cuda.await(stream);
            return;
        }
        try (var arena = Arena.ofConfined()) {
            cuda.toDevice(target, arena.allocate(source.byteSize(), Long.BYTES).copyFrom(source), stream);
            cuda.await(stream);
        }
    }

    @Override
    public void download(MemorySegment target, long source) {
        if (target.isNative()) {
            cuda.toHost(target, source, stream);
            cuda.await(stream);
            return;
        }
        try (var arena = Arena.ofConfined()) {
            var copy = arena.allocate(target.byteSize(), Long.BYTES);
            cuda.toHost(copy, source, stream);
            cuda.await(stream);
            target.copyFrom(copy);
        }
    }

    @Override
    public void zero(long address, long bytes) {
        cuda.zero(address, bytes, stream);
    }

    @Override
    public void copy(long target, long source, long bytes) {
        cuda.onDevice(target, source, bytes, stream);
    }

    @Override
    public MemorySegment allocateHost(long bytes) {
        return cuda.allocateHost(bytes);
    }

    @Override
    public void freeHost(MemorySegment hostMemory) {
        cuda.freeHost(hostMemory);
    }

    @Override
    public Lane lane() {
        return new Marks(cuda, cuda.event(), cuda.event());
    }

    @Override
    public void copyBeside(Lane lane, long target, MemorySegment source) {
        var marks = (Marks) lane;
        cuda.follow(beside, marks.released);
        cuda.toDevice(target, source, beside);
        cuda.record(marks.copied, beside);
    }

    @Override
    public void join(Lane lane) {
        cuda.follow(stream, ((Marks) lane).copied);
    }

    @Override
    public void release(Lane lane) {
        cuda.record(((Marks) lane).released, stream);
    }

    @Override
    public void await(Lane lane) {
        cuda.awaitEvent(((Marks) lane).copied);
    }

    @Override
    public Optional<CudaException> lost() {
        try {
            cuda.await(stream);
            return Optional.empty();
        } catch (CudaException e) {
            return Optional.of(e).filter(CudaException::isDeviceLost);
        }
    }

    /// ONNX Runtime has the stream call back when it comes to the end of a run, and gives pinned memory back in that
    /// call, where CUDA refuses to free it; what is left of a run is called back for while the session ends. A call that
    /// is the memory's last owner ends the process. So the memory is held until all calls are over.
    @Override
    public void end(Session session) {
        cuda.await(stream);
        try (var held = pinnedMemory(session)) {
            session.close();
            cuda.await(stream);
        }
    }

    /// The owner of a session's pinned memory; null for a session that has none.
    private @Nullable Allocator pinnedMemory(Session session) {
        try (var info = new MemoryInfo("CudaPinned", DEVICE_ALLOCATOR, device, MEMORY_PINNED)) {
            return new Allocator(session, info.asOrtMemoryInfo());
        } catch (RuntimeException e) { // the bindings turn every C++ exception into a plain RuntimeException
            return null;
        }
    }

    @Override
    public long freeBytes() {
        return cuda.freeBytes();
    }

    @Override
    public long recordedBytes() {
        return cuda.graphBytes();
    }

    @Override
    public void close() {
        cuda.destroyStream(beside);
        cuda.destroyStream(stream);
        where.close();
        memory.close();
    }

    /// @param copied behind the lane's last copy
    /// @param released behind what reads the copy
    private record Marks(CudaRuntime cuda, long copied, long released) implements Lane {
        @Override
        public void close() {
            cuda.destroyEvent(copied);
            cuda.destroyEvent(released);
        }
    }
}
