package dev.lejepa.tools.cli;

/// How a command ended, for scripts.
public enum ExitCode {
    DONE(0),
    /// A fault of ours or of the machine, or a check that did not hold.
    FAULT(1),
    /// Bad input or usage.
    BAD_INPUT(2),
    /// Stopped by Ctrl-C after saving.
    INTERRUPTED(130);

    private final int value;

    ExitCode(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }
}
