package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import java.util.List;
import org.apache.commons.cli.Option;

/// A command that is planned: refused by name, so that no script takes silence for success.
record Unbuilt(CommandName name) implements Command {
    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public String example() {
        return "./lejepa " + name.words();
    }

    @Override
    public ExitCode run(Call call) {
        throw refusal();
    }

    BadInputException refusal() {
        return new BadInputException(name.words() + ": this command is not built yet");
    }
}
