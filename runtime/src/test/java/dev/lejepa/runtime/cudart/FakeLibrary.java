package dev.lejepa.runtime.cudart;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A C library whose functions are methods of an object.
final class FakeLibrary implements SymbolLookup {
    private final Arena arena;
    private final Object functions;
    private final Map<String, MemorySegment> stubs = new HashMap<>();

    /// @param functions has a method for each, named as it is, with int, long and MemorySegment (a pointer)
    FakeLibrary(Arena arena, Object functions) {
        this.arena = arena;
        this.functions = functions;
    }

    @Override
    public Optional<MemorySegment> find(String name) {
        for (var method : functions.getClass().getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                return Optional.of(stubs.computeIfAbsent(
                        name, _ -> stub(name, method.getReturnType(), method.getParameterTypes())));
            }
        }
        return Optional.empty();
    }

    private MemorySegment stub(String name, Class<?> result, Class<?>... parameters) {
        var layouts = new MemoryLayout[parameters.length];
        for (var i = 0; i < layouts.length; i++) {
            layouts[i] = layout(parameters[i]);
        }
        var descriptor = FunctionDescriptor.of(layout(result), layouts);
        return Linker.nativeLinker()
                .upcallStub(handle(name, MethodType.methodType(result, parameters)), descriptor, arena);
    }

    private MethodHandle handle(String name, MethodType type) {
        try {
            var of = MethodHandles.privateLookupIn(functions.getClass(), MethodHandles.lookup());
            return of.findVirtual(functions.getClass(), name, type).bindTo(functions);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MemoryLayout layout(Class<?> type) {
        return type == int.class
                ? ValueLayout.JAVA_INT
                : type == long.class ? ValueLayout.JAVA_LONG : ValueLayout.ADDRESS;
    }

    /// What a pointer of a caller points to.
    static MemorySegment at(MemorySegment pointer, long bytes) {
        return pointer.reinterpret(bytes);
    }
}
