package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/// Keeps what decoders say of damaged files off the terminal: they write to C's standard error, and nothing but that
/// can be changed from outside. While at least one thread decodes, C's standard error is the null device; Java's own is
/// another and is not touched. One of these per process.
final class QuietErrors {
    private static final String NULL_DEVICE = "/dev/null";

    /// Where C keeps its standard error; empty where the platform has no such variable.
    private final Optional<MemorySegment> variable;

    private final MemorySegment silence;
    private MemorySegment usual = MemorySegment.NULL;
    private int users;

    /// That of this process.
    private static final class Only {
        private static final QuietErrors ONE = new QuietErrors();
    }

    static QuietErrors ofProcess() {
        return Only.ONE;
    }

    private QuietErrors() {
        SymbolLookup c = Linker.nativeLinker().defaultLookup();
        Optional<MemorySegment> found = c.find("stderr").map(QuietErrors::pointer);
        silence = found.isPresent() ? open(new NativeFunctions(c, "the C library")) : MemorySegment.NULL;
        variable = silence.equals(MemorySegment.NULL) ? Optional.empty() : found;
    }

    @SuppressWarnings("restricted") // a variable of the C library, as long as a pointer
    private static MemorySegment pointer(MemorySegment address) {
        return address.reinterpret(ADDRESS.byteSize());
    }

    private static MemorySegment open(NativeFunctions c) {
        try (Arena arena = Arena.ofConfined()) {
            return c.find("fopen", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS))
                    .call(arena.allocateFrom(NULL_DEVICE), arena.allocateFrom("w"));
        }
    }

    /// Code that calls a library.
    @FunctionalInterface
    interface Code<T, E extends Exception> {
        T run() throws E;
    }

    /// Runs code that may write messages.
    <T, E extends Exception> T during(Code<T, E> code) throws E {
        enter();
        try {
            return code.run();
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        if (users++ == 0) {
            variable.ifPresent(place -> {
                usual = place.get(ADDRESS, 0);
                place.set(ADDRESS, 0, silence);
            });
        }
    }

    private synchronized void leave() {
        if (--users == 0) {
            variable.ifPresent(place -> place.set(ADDRESS, 0, usual));
        }
    }
}
