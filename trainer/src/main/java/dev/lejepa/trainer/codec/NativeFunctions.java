package dev.lejepa.trainer.codec;

import dev.lejepa.graphs.Text;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// The C functions of a library.
record NativeFunctions(SymbolLookup library, String name) {
    /// A C function, to be called with what its descriptor says.
    record Function(MethodHandle handle) {
        /// Its result, null where it has none.
        @SuppressWarnings("unchecked") // the descriptor says what comes back
        <T> T call(Object... arguments) {
            try {
                return (T) handle.invokeWithArguments(arguments);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) { // method handles declare every kind
                throw new IllegalStateException(e);
            }
        }
    }

    /// @throws IllegalStateException if the library has no such function
    Function find(String function, FunctionDescriptor type) {
        return library.find(function)
                .map(address -> new Function(Linker.nativeLinker().downcallHandle(address, type)))
                .orElseThrow(() -> new IllegalStateException(Text.format("%s has no function %s", name, function)));
    }
}
