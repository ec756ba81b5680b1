package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import java.util.function.Supplier;

/// Keeps what libjpeg says of damaged files off the terminal: it writes to C's standard error, and nothing but that
/// can be changed from outside. While at least one thread decodes, C's standard error is the null device; Java's own is
/// another and is not touched. One of these per process.
final class QuietErrors {
    private static final String NULL_DEVICE = "/dev/null";

    /// Where C keeps its standard error; empty where the platform has no such variable.
    private final Optional<MemorySegment> variable;

    private final MemorySegment silence;
    private MemorySegment usual = MemorySegment.NULL;
    private int users;

    QuietErrors() {
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

    /// Runs code that may write messages.
    <T> T during(Supplier<T> code) {
        enter();
        try {
            return code.get();
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
