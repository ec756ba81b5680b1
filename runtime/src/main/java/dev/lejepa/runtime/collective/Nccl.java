package dev.lejepa.runtime.collective;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.foreign.NativeFunctions;
import dev.lejepa.runtime.foreign.SystemLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// NVIDIA's library for numbers of several devices (docs.nvidia.com/deeplearning/nccl). Functions that compute are
/// appended to a stream; addresses are those of the current device.
final class Nccl {
    /// Names the library instead.
    static final String VARIABLE = "LEJEPA_NCCL";

    /// Bytes of what processes know each other by.
    static final int ID_BYTES = 128;

    private static final String FILE = "libnccl.so.2";
    private static final int OLDEST = 21_000; // 2.10, by ncclGetVersion
    private static final int BYTES = 1; // ncclUint8
    private static final int FLOATS = 7; // ncclFloat32
    private static final int SUM = 0; // ncclSum
    private static final int IN_PROGRESS = 7; // ncclInProgress
    private static final StructLayout ID = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(ID_BYTES, JAVA_BYTE));

    private final NativeFunctions functions;

    private Nccl(NativeFunctions functions) {
        this.functions = functions;
    }

    /// Loads it for the rest of the process.
    ///
    /// @throws BadInputException if it is missing or too old
    static Nccl open(Map<String, String> environment) {
        var named = Optional.ofNullable(environment.get(VARIABLE));
        var reasons = new ArrayList<String>();
        for (var file : named.map(List::of).orElseGet(() -> files(environment))) {
            var attempt = SystemLibrary.openForPlugins(file);
            if (attempt.library().isPresent()) {
                var nccl = new Nccl(new NativeFunctions(attempt.library().get(), file));
                nccl.requireVersion(file);
                return nccl;
            }
            reasons.add(attempt.reason());
        }
        throw new BadInputException(Text.format(
                "%s cannot be loaded (%s): processes with CUDA devices need NCCL 2.10 or newer; install it (NVIDIA's package libnccl2), or name its file in %s",
                named.map(file -> VARIABLE + "=" + file).orElse(FILE), reasons.getFirst(), VARIABLE));
    }

    /// The system's, and where packages put it beside CUDA.
    private static List<String> files(Map<String, String> environment) {
        var files = new ArrayList<>(List.of(FILE));
        Optional.ofNullable(environment.get("CUDA_HOME")).ifPresent(home -> files.add(home + "/lib64/" + FILE));
        files.add("/usr/local/cuda/lib64/" + FILE);
        return files;
    }

    private void requireVersion(String file) {
        var version = version();
        if (version < OLDEST) {
            throw new BadInputException(
                    Text.format("%s is NCCL %s; 2.10 or newer is needed", file, shortVersion(version)));
        }
    }

    private int version() {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_INT);
            call("ncclGetVersion", out);
            return out.get(JAVA_INT, 0);
        }
    }

    /// As `NCCL 2.27.3`.
    String title() {
        return "NCCL " + shortVersion(version());
    }

    /// @param version 10000 * major + 100 * minor + patch
    private static String shortVersion(int version) {
        return Text.format("%d.%d.%d", version / 10_000, version / 100 % 100, version % 100);
    }

    /// A new one, for processes that do not know each other yet.
    byte[] newId() {
        try (var arena = Arena.ofConfined()) {
            var id = arena.allocate(ID);
            call("ncclGetUniqueId", id);
            return id.toArray(JAVA_BYTE);
        }
    }

    /// Joins the processes of an identifier, each with its current device; returns when all have come.
    ///
    /// @return the communicator
    MemorySegment join(byte[] id, int rank, int size) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(ADDRESS);
            var function = functions.function(
                    "ncclCommInitRank", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ID, JAVA_INT));
            var code =
                    (int) function.invokeExact(out, size, arena.allocate(ID).copyFrom(MemorySegment.ofArray(id)), rank);
            check("ncclCommInitRank", code);
            return out.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    /// Sums float32 numbers of all processes, in place.
    void reduce(MemorySegment communicator, long address, long count, long stream) {
        call(
                "ncclAllReduce",
                MemorySegment.ofAddress(address),
                MemorySegment.ofAddress(address),
                count,
                FLOATS,
                SUM,
                communicator,
                MemorySegment.ofAddress(stream));
    }

    /// Gives bytes of one process to all.
    ///
    /// @param source at the root
    void broadcast(MemorySegment communicator, long source, long target, long bytes, int root, long stream) {
        call(
                "ncclBroadcast",
                MemorySegment.ofAddress(source),
                MemorySegment.ofAddress(target),
                bytes,
                BYTES,
                root,
                communicator,
                MemorySegment.ofAddress(stream));
    }

    /// Appends what is called until it returns at once.
    void together(Runnable calls) {
        call("ncclGroupStart");
        try {
            calls.run();
        } finally {
            call("ncclGroupEnd");
        }
    }

    /// @throws UncheckedIOException if something went wrong between processes meanwhile
    void requireHealth(MemorySegment communicator) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_INT);
            call("ncclCommGetAsyncError", communicator, out);
            var code = out.get(JAVA_INT, 0);
            if (code != IN_PROGRESS) {
                check("communication", code);
            }
        }
    }

    void leave(MemorySegment communicator) {
        call("ncclCommDestroy", communicator);
    }

    private void call(String function, Object... arguments) {
        check(function, functions.invoke(function, arguments));
    }

    private void check(String function, int code) {
        if (code != 0) {
            var message = Text.format("NCCL: %s: %s", function, functions.text("ncclGetErrorString", code));
            throw new UncheckedIOException(message, new IOException(message));
        }
    }
}
