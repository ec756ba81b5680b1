package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/// oneDNN on the host, for use from threads of somebody else: each primitive computes a piece of an operator with the
/// thread that calls it.
public final class OneDnn implements AutoCloseable {
    /// Bytes of the widest vectors.
    static final long ALIGNMENT = 64;

    private final engine cpu;
    private final Arena arena;
    private final MethodHandle setThreads;
    private final Scratchpads scratchpads = new Scratchpads();
    private final Scratchpads nodeMemory = new Scratchpads();
    /// What kernels of several nodes share.
    private final List<SharedWorkspaces<?, ?>> shared = new CopyOnWriteArrayList<>();

    private OneDnn(engine cpu, Arena arena, MethodHandle setThreads) {
        this.cpu = cpu;
        this.arena = arena;
        this.setThreads = setThreads;
    }

    /// Loads the library; empty where there is none for this platform.
    public static Optional<OneDnn> open() {
        var arena = Arena.ofShared();
        try {
            var library = Path.of(Loader.load(dnnl.class));
            // oneDNN would start threads of its own, which fight with the engine's for the cores.
            var openMp = SymbolLookup.libraryLookup(library.resolveSibling("libgomp.so.1"), arena);
            var setThreads = openMp.find("omp_set_num_threads")
                    .map(f -> Linker.nativeLinker().downcallHandle(f, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)));
            if (setThreads.isPresent()) {
                return Optional.of(new OneDnn(new engine(engine.kind.cpu, 0), arena, setThreads.get()));
            }
        } catch (UnsatisfiedLinkError | IllegalArgumentException e) {
            // no oneDNN or another OpenMP here: graphs say what each operator means in standard ones
        }
        arena.close();
        return Optional.empty();
    }

    engine engine() {
        return cpu;
    }

    Scratchpads scratchpads() {
        return scratchpads;
    }

    /// Memory of a node while it is computed, for the thread that it is computed by: pieces on other threads read and
    /// write it.
    Scratchpads nodeMemory() {
        return nodeMemory;
    }

    /// Workspaces for nodes of one kind, whose keys say what a workspace is for. They live as long as the library.
    <K, W extends Workspaces.Workspace> SharedWorkspaces<K, W> workspaces(Function<K, W> make) {
        var made = new SharedWorkspaces<>(make);
        shared.add(made);
        return made;
    }

    /// Makes primitives that this thread creates or executes use it alone.
    void useThisThreadOnly() {
        try {
            setThreads.invokeExact(1);
        } catch (Throwable e) { // what a method handle declares
            throw new IllegalStateException("omp_set_num_threads failed", e);
        }
    }

    /// Whether the library has code for products of bfloat16 matrices on this processor.
    public boolean computesBFloat16() {
        try (var trial = new ProductTrial(this, DType.BFLOAT16)) {
            return trial.isVectorized();
        } catch (RuntimeException e) { // "could not create a primitive descriptor"
            return false;
        }
    }

    /// How many times as fast as in float32 a product of matrices is in bfloat16, on one core, measured now.
    ///
    /// @return less than 1 where bfloat16 is slower; 0 where the library has no code for it
    public double bfloat16Speedup() {
        if (!computesBFloat16()) {
            return 0;
        }
        try (var wide = new ProductTrial(this, DType.FLOAT32);
                var narrow = new ProductTrial(this, DType.BFLOAT16)) {
            return (double) wide.nanos() / narrow.nanos();
        }
    }

    /// Maps `[N, H, W, C]`, whose axes the library counts as `N, C, H, W`.
    static memory.desc maps(DType type, long n, long c, long h, long w) {
        return layout(type, new long[] {n, c, h, w}, new long[] {h * w * c, 1, w * c, c});
    }

    /// An element type by the library's name.
    static memory.data_type number(DType type) {
        return type == DType.BFLOAT16 ? memory.data_type.bf16 : memory.data_type.f32;
    }

    /// A layout of float32 or bfloat16 elements.
    static memory.desc layout(DType type, long[] dims, long[] strides) {
        return new memory.desc(dims, number(type), strides);
    }

    /// A layout of float32 elements.
    static memory.desc floats(long[] dims, long[] strides) {
        return layout(DType.FLOAT32, dims, strides);
    }

    /// Elements one after the other.
    static memory.desc vector(DType type, long length) {
        return layout(type, new long[] {length}, new long[] {1});
    }

    /// A matrix whose element `(i, j)` is at `i rowStride + j columnStride`.
    static memory.desc matrix(DType type, long rows, long columns, long rowStride, long columnStride) {
        return layout(type, new long[] {rows, columns}, new long[] {rowStride, columnStride});
    }

    /// A matrix of float32 elements.
    static memory.desc matrix(long rows, long columns, long rowStride, long columnStride) {
        return matrix(DType.FLOAT32, rows, columns, rowStride, columnStride);
    }

    /// Memory for `count` elements, aligned for the widest vectors.
    static MemorySegment elements(Arena arena, DType type, long count) {
        return arena.allocate(count * type.bytes(), ALIGNMENT);
    }

    /// Memory for `count` floats, aligned for the widest vectors.
    static MemorySegment floats(Arena arena, long count) {
        return arena.allocate(count * Float.BYTES, ALIGNMENT);
    }

    /// The floats of a tensor that somebody else owns.
    @SuppressWarnings("restricted") // the engine says where a tensor is and how large
    static MemorySegment segment(long address, long count) {
        return MemorySegment.ofAddress(address).reinterpret(count * Float.BYTES);
    }

    /// The bytes of a tensor that somebody else owns.
    @SuppressWarnings("restricted") // the engine says where a tensor is and how large
    static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public void close() {
        shared.forEach(SharedWorkspaces::close);
        scratchpads.close();
        nodeMemory.close();
        cpu.close();
        arena.close();
    }

    /// An address as the bindings take it.
    static Pointer pointer(long address) {
        return new Address(address);
    }

    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }
}
