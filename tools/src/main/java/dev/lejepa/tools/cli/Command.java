package dev.lejepa.tools.cli;

import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/// One command of `./lejepa`.
public interface Command {
    /// Its options, beside those that all commands have. [Flags] makes them.
    List<Option> options();

    /// What it takes after the options, as usage lines show it: `FILE.onnx|BUNDLE|RUN`; empty for nothing.
    default String operands() {
        return "";
    }

    /// A command line that shows its use, from `./lejepa` on.
    String example();

    /// Does the work. Bad input is told by a `BadInputException`.
    ///
    /// @throws IOException a fault of the machine: a full disk, for instance
    /// @throws InterruptedException where this thread is asked to end
    ExitCode run(Call call) throws IOException, InterruptedException;
}
