package dev.lejepa.tools.cli;

/// Standard output takes no more: its disk is full, or its reader has gone.
final class OutputLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputLostException() {
        super("standard output takes no more");
    }
}
