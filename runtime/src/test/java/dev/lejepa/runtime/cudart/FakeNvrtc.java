package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// NVRTC's functions, with "machine code" that is the source behind the word `code`.
@SuppressWarnings("unused") // called by name
final class FakeNvrtc {
    private static final String LOG = "a message of the compiler";

    private final Arena arena;
    private final int minor;
    private byte[] code = {};

    /// What compiling answers.
    int answer;

    /// Sources that were compiled.
    final List<String> compiled = new ArrayList<>();

    FakeNvrtc(Arena arena, int minor) {
        this.arena = arena;
        this.minor = minor;
    }

    Nvrtc open(Optional<KernelCache> cache) {
        return Nvrtc.over(new FakeLibrary(arena, this), cache);
    }

    int nvrtcVersion(MemorySegment majorOut, MemorySegment minorOut) {
        FakeLibrary.at(majorOut, 4).set(JAVA_INT, 0, 13);
        FakeLibrary.at(minorOut, 4).set(JAVA_INT, 0, minor);
        return 0;
    }

    int nvrtcCreateProgram(
            MemorySegment out,
            MemorySegment source,
            MemorySegment name,
            int headers,
            MemorySegment headerSources,
            MemorySegment headerNames) {
        FakeLibrary.at(out, 8).set(ADDRESS, 0, MemorySegment.ofAddress(1));
        compiled.add(FakeLibrary.at(source, 1 << 20).getString(0));
        return 0;
    }

    int nvrtcCompileProgram(MemorySegment program, int count, MemorySegment options) {
        code = ("code " + compiled.getLast()).getBytes(StandardCharsets.US_ASCII);
        return answer;
    }

    int nvrtcGetCUBINSize(MemorySegment program, MemorySegment out) {
        FakeLibrary.at(out, 8).set(JAVA_LONG, 0, code.length);
        return 0;
    }

    int nvrtcGetCUBIN(MemorySegment program, MemorySegment out) {
        FakeLibrary.at(out, code.length).copyFrom(MemorySegment.ofArray(code));
        return 0;
    }

    int nvrtcGetProgramLogSize(MemorySegment program, MemorySegment out) {
        FakeLibrary.at(out, 8).set(JAVA_LONG, 0, LOG.length() + 1L);
        return 0;
    }

    int nvrtcGetProgramLog(MemorySegment program, MemorySegment out) {
        FakeLibrary.at(out, LOG.length() + 1L).setString(0, LOG);
        return 0;
    }

    int nvrtcDestroyProgram(MemorySegment program) {
        return 0;
    }
}
