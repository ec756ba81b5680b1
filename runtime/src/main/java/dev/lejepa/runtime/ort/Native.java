package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.PathText;
import dev.lejepa.runtime.engine.EngineException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.CharPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/// What calls into ONNX Runtime have in common.
final class Native {
    private Native() {}

    /// Calls native code and says in front of its error what was being done.
    static <T> T call(String what, Supplier<T> code) {
        try {
            return code.get();
        } catch (RuntimeException e) { // the bindings turn every C++ exception into a plain RuntimeException
            throw new EngineException(what + ": " + message(e), e);
        }
    }

    /// As [#call] for code without a result.
    static void run(String what, Runnable code) {
        call(what, () -> {
            code.run();
            return what;
        });
    }

    /// What ONNX Runtime said, on one line.
    static String message(RuntimeException e) {
        var text = e.getMessage();
        return text == null ? e.toString() : text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /// A file name as the platform's native code takes it.
    static Pointer path(Path path) {
        var file = path.toAbsolutePath();
        return Loader.getPlatform().startsWith("windows")
                ? new CharPointer(PathText.text(file))
                : new BytePointer(Arrays.copyOf(PathText.bytes(file), PathText.bytes(file).length + 1));
    }

    /// A number where native code expects a pointer: an address, or what only we read.
    static Pointer number(long value) {
        return new Address(value);
    }

    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }
}
