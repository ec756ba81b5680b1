package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.bytedeco.onnxruntime.MemoryInfo;
import org.bytedeco.onnxruntime.OrtMemoryInfo;
import org.bytedeco.onnxruntime.Session;

/// Host memory that behaves as a device's: tensors in it are reached by copies alone. A copy beside the computation is
/// done as late as a device may do it, when something follows it.
final class FarMemory implements RemoteMemory {
    private final MemoryInfo memory = MemoryInfo.CreateCpu(0, 0);
    private final OrtMemoryInfo where = memory.asOrtMemoryInfo();
    private final Map<Long, Arena> arenas = new HashMap<>();
    private final NavigableMap<Long, MemorySegment> blocks = new TreeMap<>();
    private final long total;
    private long taken;

    /// Why nothing can be computed any more.
    Optional<CudaException> lost = Optional.empty();

    /// What was called, in order.
    final List<String> calls = new ArrayList<>();

    FarMemory(long total) {
        this.total = total;
    }

    @Override
    public OrtMemoryInfo where() {
        return where;
    }

    @Override
    public long allocate(String name, long bytes) {
        if (bytes > freeBytes()) {
            throw new DeviceMemoryException(name, bytes, freeBytes(), total);
        }
        taken += bytes;
        var arena = Arena.ofShared();
        var block = arena.allocate(Math.max(bytes, 1), 64);
        arenas.put(block.address(), arena);
        blocks.put(block.address(), block.asSlice(0, bytes));
        return block.address();
    }

    @Override
    public void free(long address) {
        taken -= block(address).byteSize(); // all of it, as this is where it begins
        blocks.remove(address);
        arenas.remove(address).close();
    }

    /// The rest of a block from an address on, which may lie within it.
    private MemorySegment block(long address) {
        var block = blocks.floorEntry(address).getValue();
        return block.asSlice(address - block.address());
    }

    @Override
    public void upload(long target, MemorySegment source) {
        calls.add("upload");
        block(target).copyFrom(source);
    }

    @Override
    public void download(MemorySegment target, long source) {
        calls.add("download");
        target.copyFrom(block(source).asSlice(0, target.byteSize()));
    }

    @Override
    public void zero(long address, long bytes) {
        block(address).asSlice(0, bytes).fill((byte) 0);
    }

    @Override
    public void copy(long target, long source, long bytes) {
        calls.add("copy");
        block(target).copyFrom(block(source).asSlice(0, bytes));
    }

    @Override
    public MemorySegment allocateHost(long bytes) {
        return Arena.ofAuto().allocate(bytes, 64);
    }

    @Override
    public void freeHost(MemorySegment hostMemory) {}

    @Override
    public Lane lane() {
        return new Pending();
    }

    @Override
    public void copyBeside(Lane lane, long target, MemorySegment source) {
        calls.add("copy beside");
        ((Pending) lane).copy = () -> block(target).copyFrom(source);
    }

    @Override
    public void join(Lane lane) {
        ((Pending) lane).run();
    }

    @Override
    public void release(Lane lane) {}

    @Override
    public void await(Lane lane) {
        ((Pending) lane).run();
    }

    @Override
    public Optional<CudaException> lost() {
        return lost;
    }

    @Override
    public void end(Session session) {
        calls.add("end");
        session.close();
    }

    @Override
    public long freeBytes() {
        return total - taken;
    }

    @Override
    public long recordedBytes() {
        return 0;
    }

    /// Blocks that nobody freed.
    int open() {
        return blocks.size();
    }

    @Override
    public void close() {
        where.close();
        memory.close();
    }

    private static final class Pending implements Lane {
        private Runnable copy = () -> {};

        void run() {
            copy.run();
            copy = () -> {};
        }

        @Override
        public void close() {}
    }
}
