package dev.lejepa.trainer.ranks;

import org.jspecify.annotations.Nullable;

/// A fault that all processes know of: each of them throws this, so none waits for another, and one tells.
public final class SharedFaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean badInput;

    /// One that all processes have found alike.
    public SharedFaultException(Fault fault) {
        this(fault, null);
    }

    /// @param cause in the process that it happened to
    SharedFaultException(Fault fault, @Nullable Throwable cause) {
        super(fault.message(), cause);
        this.badInput = fault.badInput();
    }

    /// Whether a person can mend it by giving something else.
    public boolean badInput() {
        return badInput;
    }
}
