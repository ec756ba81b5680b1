package dev.lejepa.runtime.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The C functions of a library, called by name with Java's numbers and memory segments. Any thread may call.
public final class NativeFunctions {
    private static final int TEXT_BYTES = 256;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final String name;
    private final Map<String, MethodHandle> functions = new ConcurrentHashMap<>();

    /// @param name what messages call the library
    public NativeFunctions(SymbolLookup library, String name) {
        this.library = library;
        this.name = name;
    }

    /// Calls a function that returns an int.
    public int invoke(String function, Object... arguments) {
        return (int) call(function, JAVA_INT, arguments);
    }

    /// Calls a function that returns a C string.
    @SuppressWarnings("restricted") // a string of the library
    public String text(String function, Object... arguments) {
        return ((MemorySegment) call(function, ADDRESS, arguments))
                .reinterpret(TEXT_BYTES)
                .getString(0);
    }

    private Object call(String function, MemoryLayout result, Object... arguments) {
        var handle = functions.computeIfAbsent(
                function, f -> linker.downcallHandle(address(f), descriptor(result, arguments)));
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /// A function for calls that must be fast: with exact types, by `invokeExact`.
    public MethodHandle function(String function, FunctionDescriptor type) {
        return linker.downcallHandle(address(function), type);
    }

    /// What a method handle threw: it declares every kind, and the library's functions throw nothing.
    public static RuntimeException unchecked(Throwable e) {
        return switch (e) {
            case Error error -> throw error;
            case RuntimeException unchecked -> unchecked;
            default -> new IllegalStateException(e);
        };
    }

    private MemorySegment address(String function) {
        return library.find(function)
                .orElseThrow(() -> new BadInputException(Text.format("%s has no function %s", name, function)));
    }

    private static FunctionDescriptor descriptor(MemoryLayout result, Object... arguments) {
        var layouts = new MemoryLayout[arguments.length];
        for (var i = 0; i < layouts.length; i++) {
            layouts[i] = layout(arguments[i]);
        }
        return FunctionDescriptor.of(result, layouts);
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case Integer _ -> JAVA_INT;
            case Long _ -> JAVA_LONG;
            case MemorySegment _ -> ADDRESS;
            default -> throw new IllegalArgumentException("no C type for " + argument);
        };
    }
}
