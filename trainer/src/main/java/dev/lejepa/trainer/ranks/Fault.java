package dev.lejepa.trainer.ranks;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OneLine;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// What went wrong in a process, in the words in which people are told.
///
/// @param badInput whether a person can mend it by giving something else
/// @param message one line
public record Fault(boolean badInput, String message) {
    public Fault {
        message = OneLine.of(message);
    }

    /// Of what was thrown.
    public static Fault of(Throwable thrown) {
        return switch (thrown) {
            case BadInputException bad -> new Fault(true, String.valueOf(bad.getMessage()));
            case IOException io -> new Fault(false, describe(io));
            case UncheckedIOException io -> new Fault(false, String.valueOf(io.getMessage()));
            case InterruptedException _ -> new Fault(false, "interrupted");
            case DeviceMemoryException memory -> new Fault(false, String.valueOf(memory.getMessage()));
            case CudaException cuda -> new Fault(false, String.valueOf(cuda.getMessage()));
            case OutOfMemoryError memory -> new Fault(false, heapTooSmall(memory));
            default -> new Fault(false, describe(thrown) + " (a fault of this program; --verbose shows where)");
        };
    }

    private static String describe(Throwable thrown) {
        var message = thrown.getMessage();
        var kind = thrown.getClass().getSimpleName();
        return message == null || message.isBlank() ? kind : kind + ": " + message;
    }

    private static String heapTooSmall(OutOfMemoryError error) {
        var heap = Runtime.getRuntime().maxMemory() >> 20;
        return Text.format("a Java heap of %d MB is too small for this: %s", heap, error.getMessage());
    }

    void write(DataOutputStream to) throws IOException {
        to.writeBoolean(badInput);
        to.writeUTF(message); // a line is shorter than the 65,535 bytes that this takes
    }

    static Fault read(DataInputStream from) throws IOException {
        return new Fault(from.readBoolean(), from.readUTF());
    }
}
