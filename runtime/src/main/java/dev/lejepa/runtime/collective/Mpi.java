package dev.lejepa.runtime.collective;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.foreign.NativeFunctions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// MPI's functions (mpi-forum.org/docs), for all processes that were started together. Any thread may call; the library
/// sees one call at a time. What takes long only begins here: a request of [#REQUEST_BYTES] bytes is [tested][#isDone]
/// until it is done. Memory is native and stays as it is until then.
final class Mpi {
    /// Of a request: an address in one family, an int in the other.
    static final long REQUEST_BYTES = ADDRESS.byteSize();

    private static final int SERIALIZED = 2; // MPI_THREAD_SERIALIZED
    private static final int TEXT_BYTES = 8192; // MPI_MAX_LIBRARY_VERSION_STRING
    private static final Pattern VERSION = Pattern.compile("^(.*?)(?: Version)?[:\\s]+v?(\\d[\\w.]*)");

    private final NativeFunctions functions;
    private final MpiHandles handles;
    private final MethodHandle test;
    private final MemorySegment flag = Arena.ofAuto().allocate(JAVA_INT);
    private final String version;
    private final int rank;
    private final int size;

    private Mpi(MpiLibrary library) {
        this.functions = library.functions();
        this.handles = library.handles();
        this.test = functions.function("MPI_Test", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        this.version = shortVersion(libraryVersion());
        init();
        call("MPI_Comm_set_errhandler", handles.world(), handles.errorsReturn());
        this.rank = number("MPI_Comm_rank");
        this.size = number("MPI_Comm_size");
    }

    /// Joins the others; returns when all have come.
    static Mpi init(MpiLibrary library) {
        return new Mpi(library);
    }

    private void init() {
        try (var arena = Arena.ofConfined()) {
            var given = arena.allocate(JAVA_INT);
            call("MPI_Init_thread", MemorySegment.NULL, MemorySegment.NULL, SERIALIZED, given);
            if (given.get(JAVA_INT, 0) < SERIALIZED) {
                throw new BadInputException(Text.format(
                        "%s was built or set so that only one thread may call it (thread level %d, %d is needed)",
                        version, given.get(JAVA_INT, 0), SERIALIZED));
            }
        }
    }

    int rank() {
        return rank;
    }

    int size() {
        return size;
    }

    /// Of the library, as `Open MPI 4.1.4`.
    String version() {
        return version;
    }

    /// @param told as libraries tell of themselves: `Open MPI v4.1.4, package: ...`, `MPICH Version: 4.0.2 ...`
    static String shortVersion(String told) {
        var matcher = VERSION.matcher(told);
        return matcher.find()
                ? matcher.group(1) + " " + matcher.group(2)
                : told.lines().findFirst().orElse("MPI");
    }

    private String libraryVersion() {
        try (var arena = Arena.ofConfined()) {
            var text = arena.allocate(TEXT_BYTES);
            call("MPI_Get_library_version", text, arena.allocate(JAVA_INT));
            return text.getString(0, StandardCharsets.UTF_8);
        }
    }

    private int number(String function) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_INT);
            call(function, handles.world(), out);
            return out.get(JAVA_INT, 0);
        }
    }

    // ---- what takes long

    synchronized void barrier(MemorySegment request) {
        call("MPI_Ibarrier", handles.world(), request);
    }

    /// @param bytes int32 for each rank
    /// @param places int32 for each rank: where in `all` its bytes begin
    synchronized void gather(
            MemorySegment mine, MemorySegment all, MemorySegment bytes, MemorySegment places, MemorySegment request) {
        call(
                "MPI_Iallgatherv",
                mine,
                Math.toIntExact(mine.byteSize()),
                handles.bytes(),
                all,
                bytes,
                places,
                handles.bytes(),
                handles.world(),
                request);
    }

    synchronized void broadcast(MemorySegment memory, int root, MemorySegment request) {
        call("MPI_Ibcast", memory, Math.toIntExact(memory.byteSize()), handles.bytes(), root, handles.world(), request);
    }

    /// Sums float32 numbers in place.
    synchronized void reduce(MemorySegment floats, MemorySegment request) {
        call(
                "MPI_Iallreduce",
                handles.inPlace(),
                floats,
                Math.toIntExact(floats.byteSize() / Float.BYTES),
                handles.floats(),
                handles.sum(),
                handles.world(),
                request);
    }

    /// Goes on with all that was begun, and says whether a request is done.
    synchronized boolean isDone(MemorySegment request) {
        int code;
        try {
            code = (int) test.invokeExact(request, flag, handles.noStatus());
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
        check("MPI_Test", code);
        return flag.get(JAVA_INT, 0) != 0;
    }

    // ---- the end

    synchronized void abort(int code) {
        functions.invoke("MPI_Abort", handles.world(), code);
    }

    synchronized void end() {
        call("MPI_Finalize");
    }

    private void call(String function, Object... arguments) {
        check(function, functions.invoke(function, arguments));
    }

    private void check(String function, int code) {
        if (code != 0) {
            var message = Text.format("%s: %s failed: %s", version, function, error(code));
            throw new UncheckedIOException(message, new IOException(message));
        }
    }

    private String error(int code) {
        try (var arena = Arena.ofConfined()) {
            var text = arena.allocate(TEXT_BYTES);
            functions.invoke("MPI_Error_string", code, text, arena.allocate(JAVA_INT));
            return text.getString(0, StandardCharsets.UTF_8).lines().findFirst().orElse("no reason given");
        }
    }
}
