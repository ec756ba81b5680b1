package dev.lejepa.trainer.image;

import dev.lejepa.graphs.OneLine;

/// An image file that cannot be read; the message names the file and the reason. Checked, since a data loader goes on
/// with another image.
public final class BrokenImageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /// @param file the file's name
    /// @param reason what was found, for a person
    public BrokenImageException(String file, String reason) {
        super(OneLine.of(file + ": " + reason));
        this.reason = OneLine.of(reason);
    }

    /// @param cause what the JDK or a plugin reported
    public BrokenImageException(String file, String reason, Throwable cause) {
        super(OneLine.of(file + ": " + reason), cause);
        this.reason = OneLine.of(reason);
    }

    /// The message without the file.
    public String reason() {
        return reason;
    }
}
