package dev.lejepa.tools.cli;

import java.util.List;

/// Where the JVM starts.
public final class Main {
    private Main() {}

    /// Runs one command and exits with its code.
    ///
    /// @param arguments the command's name, then its options
    public static void main(String[] arguments) {
        var program = new Program(CommandName::command, System.out, System.err);
        ExitCode code = ExitCode.FAULT;
        try {
            code = program.run(List.of(arguments));
        } finally {
            System.out.flush();
            program.stopListening();
        }
        System.exit(code.value());
    }
}
