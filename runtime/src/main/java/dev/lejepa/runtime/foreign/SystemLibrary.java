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

    /// A library whose functions are seen by all that is loaded later, as plugins of it need that do not name it.
    ///
    /// @param file a name that the system's loader searches for, or a path
    /// @return empty where it cannot be loaded; [#reason] says why
    @SuppressWarnings("restricted") // the callers' libraries
    public static Optional<SymbolLookup> openForPlugins(String file) {
        try (var arena = Arena.ofConfined()) {
            var open = C.function("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
            var handle = (MemorySegment) open.invokeExact(arena.allocateFrom(file), NOW | GLOBAL);
            return handle.equals(MemorySegment.NULL)
                    ? Optional.empty()
                    : Optional.of(SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    /// Why the last library could not be loaded, in the words of the system's loader.
    @SuppressWarnings("restricted") // a string of the C library
    public static String reason() {
        var error = C.pointer("dlerror");
        return error.equals(MemorySegment.NULL)
                ? "no reason given"
                : error.reinterpret(1 << 10).getString(0);
    }

    /// Sets an environment variable for C libraries that are loaded later, unless it is set. Java does not see it.
    public static void setVariable(String name, String value) {
        try (var arena = Arena.ofConfined()) {
            C.invoke("setenv", arena.allocateFrom(name), arena.allocateFrom(value), 0);
        }
    }
}
