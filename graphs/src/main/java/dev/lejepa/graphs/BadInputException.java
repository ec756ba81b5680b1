package dev.lejepa.graphs;

/// A fault of what a person gave us (a file, a recipe key, a tensor), told in one line that names it, what was found
/// and what was expected. What it quotes may hold anything; control characters stand as escapes. Commands print the
/// message without a stack trace and exit with code 2.
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message names the file, key or tensor, what was found and what was expected
    public BadInputException(String message) {
        super(OneLine.of(message));
    }

    /// @param message as above
    /// @param cause what the JDK or a library reported; shown only in verbose mode
    public BadInputException(String message, Throwable cause) {
        super(OneLine.of(message), cause);
    }
}
