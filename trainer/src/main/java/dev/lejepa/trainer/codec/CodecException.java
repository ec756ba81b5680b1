package dev.lejepa.trainer.codec;

/// A file that a system's library makes no picture of.
public final class CodecException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean cutOff;

    /// @param reason for a person
    /// @param cutOff whether bytes are missing at its end
    CodecException(String reason, boolean cutOff) {
        super(reason);
        this.cutOff = cutOff;
    }

    /// Whether bytes are missing at the file's end.
    public boolean cutOff() {
        return cutOff;
    }
}
