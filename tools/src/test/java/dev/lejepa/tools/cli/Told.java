package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a use of the program came to: its exit code and what it said.
record Told(ExitCode code, String out, String err) {
    /// Runs a command in this process.
    static Told by(List<String> arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var program = new Program(CommandName::command, stream(out), stream(err), new StopSignal(stream(err)));
        var code = program.run(arguments);
        return new Told(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static Told by(String... arguments) {
        return by(List.of(arguments));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// The last line of standard output, read as JSON.
    JsonNode json() {
        try {
            return new ObjectMapper().readTree(out.strip().lines().toList().getLast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All that people read.
    String words() {
        return out + err;
    }
}
