package dev.lejepa.tools.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/// Where the JVM starts.
public final class Main {
    private Main() {}

    /// Runs one command and exits with its code.
    ///
    /// @param arguments the command's name, then its options
    public static void main(String[] arguments) {
        run(CommandName::command, RawArguments.of(arguments));
    }

    /// The same with other commands in the table; does not return.
    static void run(Function<CommandName, Command> commands, List<String> arguments) {
        // names are printed as the file system has them, whatever the locale
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        var stop = new StopSignal(err);
        stop.listen();
        var code = ExitCode.FAULT;
        try {
            var company = Company.of(System.getenv(), err::println);
            code = new Program(commands, out, err, stop, company).run(arguments);
        } finally {
            System.exit(stop.exitCode(code));
        }
    }
}
