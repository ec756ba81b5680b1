package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.TreeSet;

/// The functions of cuDNN's graph interface, which keep account of what is open and complete nothing.
@SuppressWarnings("unused") // called by name
final class FakeCudnn {
    static final int NOT_SUPPORTED = 3000;

    private final Arena arena;
    private final long version;
    private long last;

    /// Handles and descriptors that were not destroyed.
    final Set<Long> open = new TreeSet<>();

    FakeCudnn(Arena arena, long version) {
        this.arena = arena;
        this.version = version;
    }

    Cudnn library() {
        return Cudnn.over(new FakeLibrary(arena, this));
    }

    private int make(MemorySegment out) {
        open.add(++last);
        FakeLibrary.at(out, 8).set(JAVA_LONG, 0, last);
        return 0;
    }

    private int end(long what) {
        return open.remove(what) ? 0 : NOT_SUPPORTED;
    }

    long cudnnGetVersion() {
        return version;
    }

    int cudnnCreate(MemorySegment out) {
        return make(out);
    }

    int cudnnDestroy(long handle) {
        return end(handle);
    }

    int cudnnSetStream(long handle, long stream) {
        return 0;
    }

    int cudnnBackendCreateDescriptor(int kind, MemorySegment out) {
        return make(out);
    }

    int cudnnBackendDestroyDescriptor(long descriptor) {
        return end(descriptor);
    }

    int cudnnBackendSetAttribute(long descriptor, int attribute, int type, long count, MemorySegment elements) {
        return 0;
    }

    int cudnnBackendGetAttribute(
            long descriptor, int attribute, int type, long most, MemorySegment count, MemorySegment elements) {
        return NOT_SUPPORTED;
    }

    int cudnnBackendFinalize(long descriptor) {
        return NOT_SUPPORTED;
    }

    int cudnnBackendExecute(long handle, long plan, long arguments) {
        return NOT_SUPPORTED;
    }

    /// The library's gives nothing back, so nobody looks at it.
    int cudnnGetLastErrorString(MemorySegment text, long bytes) {
        FakeLibrary.at(text, bytes).setString(0, "not today");
        return 0;
    }

    MemorySegment cudnnGetErrorString(int code) {
        return arena.allocate(256).copyFrom(arena.allocateFrom("NOT_SUPPORTED"));
    }
}
