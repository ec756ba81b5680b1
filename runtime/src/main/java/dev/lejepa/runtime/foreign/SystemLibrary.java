package dev.lejepa.runtime.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/// A C library of the system, loaded for the rest of the process.
public final class SystemLibrary {
    private static final NativeFunctions C =
            new NativeFunctions(Linker.nativeLinker().defaultLookup(), "the C library");
    private static final int NOW = 2; // RTLD_NOW
    private static final int GLOBAL = System.getProperty("os.name").equals("Linux") ? 0x100 : 8; // RTLD_GLOBAL

    private SystemLibrary() {}

    /// A try to load a library.
    ///
    /// @param library empty where it cannot be loaded
    /// @param reason why not, in the words of the system's loader
    public record Attempt(Optional<SymbolLookup> library, String reason) {}

    /// Loads a library so that all that is loaded later sees its functions, as plugins need that do not name it.
    ///
    /// @param file a name that the system's loader searches for, or a path
    @SuppressWarnings("restricted") // the callers' libraries, and a string of the C library
    public static Attempt openForPlugins(String file) {
        var open = C.function("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
        // looked up before, since that is a call of the loader too
        var error = C.function("dlerror", FunctionDescriptor.of(ADDRESS));
        try (var arena = Arena.ofConfined()) {
            var handle = (MemorySegment) open.invokeExact(arena.allocateFrom(file), NOW | GLOBAL);
            if (!handle.equals(MemorySegment.NULL)) {
                return new Attempt(Optional.of(SymbolLookup.libraryLookup(file, Arena.global())), "");
            }
            var reason = (MemorySegment) error.invokeExact();
            return new Attempt(
                    Optional.empty(),
                    reason.equals(MemorySegment.NULL)
                            ? "no reason given"
                            : reason.reinterpret(1 << 10).getString(0));
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    /// Sets an environment variable for C libraries that are loaded later, unless it is set. Java does not see it.
    public static void setVariable(String name, String value) {
        try (var arena = Arena.ofConfined()) {
            C.invoke("setenv", arena.allocateFrom(name), arena.allocateFrom(value), 0);
        }
    }
}
