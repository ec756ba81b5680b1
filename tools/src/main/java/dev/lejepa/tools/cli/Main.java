package dev.lejepa.tools.cli;

import java.util.List;
import java.util.function.Function;

/// Where the JVM starts.
public final class Main {
    private Main() {}

    /// Runs one command and exits with its code.
    ///
    /// @param arguments the command's name, then its options
    public static void main(String[] arguments) {
        run(CommandName::command, List.of(arguments));
    }

    /// The same with other commands in the table; does not return.
    static void run(Function<CommandName, Command> commands, List<String> arguments) {
        var stop = new StopSignal(System.err);
        stop.listen();
        var code = ExitCode.FAULT;
        try {
            code = new Program(commands, System.out, System.err, stop).run(arguments);
        } finally {
            System.exit(stop.exitCode(code));
        }
    }
}
