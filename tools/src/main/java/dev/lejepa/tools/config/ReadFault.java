package dev.lejepa.tools.config;

/// A fault of one key and where it was written.
record ReadFault(Origin origin, String key, String problem) {
    @Override
    public String toString() {
        String at = origin.place().isEmpty() ? "" : origin.place() + ": ";
        // An option names its key already.
        return origin.line() == Integer.MAX_VALUE && origin.place().startsWith("--set " + key + "=")
                ? at + problem
                : at + key + " " + problem;
    }
}
