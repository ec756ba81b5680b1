package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A kernel of a module, and the memory that its arguments are handed over in. A small network's step is hundreds of
/// launches of 3 microseconds each, so a launch allocates nothing outside the heap.
final class CudaKernel implements AutoCloseable {
    /// `cuLaunchKernel`: function, grid, block, bytes of shared memory, stream, arguments, other options.
    static final FunctionDescriptor LAUNCH = FunctionDescriptor.of(
            JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS,
            ADDRESS);

    /// Shared memory that every launch may have; more must be allowed.
    private static final int SHARED_BYTES = 48 << 10;

    private final MethodHandle launch;
    private final MemorySegment function;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment values = arena.allocate(JAVA_LONG, CudaModule.MOST_ARGUMENTS);
    private final MemorySegment pointers = arena.allocate(ADDRESS, CudaModule.MOST_ARGUMENTS);
    private volatile int sharedBytes = SHARED_BYTES;

    /// @param launch the driver's function
    CudaKernel(MethodHandle launch, MemorySegment function) {
        this.launch = launch;
        this.function = function;
        for (var i = 0L; i < CudaModule.MOST_ARGUMENTS; i++) {
            pointers.setAtIndex(ADDRESS, i, values.asSlice(i * Long.BYTES));
        }
    }

    MemorySegment function() {
        return function;
    }

    /// The most shared memory that it may be launched with.
    int sharedBytes() {
        return sharedBytes;
    }

    void allow(int bytes) {
        sharedBytes = bytes;
    }

    /// @return the driver's code
    synchronized int launch(Launch how, long stream, Object... arguments) {
        for (var i = 0; i < arguments.length; i++) {
            var at = i * (long) Long.BYTES;
            switch (arguments[i]) {
                case Long address -> values.set(JAVA_LONG, at, address);
                case Integer number -> values.set(JAVA_INT, at, number);
                case Float number -> values.set(JAVA_FLOAT, at, number);
                default -> throw new IllegalArgumentException("no C type for " + arguments[i]);
            }
        }
        return launch(how, stream);
    }

    /// The same for arguments of 64 bits each.
    ///
    /// @return the driver's code
    synchronized int launch(Launch how, long stream, long[] words) {
        MemorySegment.copy(words, 0, values, JAVA_LONG, 0, words.length);
        return launch(how, stream);
    }

    private int launch(Launch how, long stream) {
        try {
            return (int) launch.invokeExact(
                    function,
                    how.gridX(),
                    how.gridY(),
                    how.gridZ(),
                    how.threads(),
                    1,
                    1,
                    how.sharedBytes(),
                    stream,
                    pointers,
                    MemorySegment.NULL);
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
