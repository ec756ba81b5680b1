package dev.lejepa.tools.config;

import dev.lejepa.graphs.Escapes;

/// A fault of one key and where it was written.
record ReadFault(Origin origin, String key, String problem) {
    @Override
    public String toString() {
        String at = origin.place().isEmpty() ? "" : origin.place() + ": ";
        // An option names its key already.
        return origin.line() == Integer.MAX_VALUE && origin.place().startsWith("--set " + key + "=")
                ? at + problem
                : at + (key.isEmpty() ? "\"\"" : Escapes.unprintable(key)) + " " + problem;
    }
}
