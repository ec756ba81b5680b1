package dev.lejepa.trainer.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/// Finds C libraries that the system may have.
final class SystemLibrary {
    private SystemLibrary() {}

    /// The first library that loads, for the rest of the process.
    ///
    /// @param files names that the system's loader searches for, or paths; those of all systems, since a foreign one
    ///     merely is not found
    @SuppressWarnings("restricted") // the libraries are named here, not by users
    static Optional<NativeFunctions> find(String... files) {
        for (String file : files) {
            try {
                return Optional.of(new NativeFunctions(SymbolLookup.libraryLookup(file, Arena.global()), file));
            } catch (IllegalArgumentException e) {
                // not here under this name
            }
        }
        return Optional.empty();
    }
}
