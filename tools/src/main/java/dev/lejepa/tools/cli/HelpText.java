package dev.lejepa.tools.cli;

import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;

/// What `--help` shows.
final class HelpText {
    private HelpText() {}

    /// All commands.
    static String overview() {
        var text = new StringBuilder("usage: ./lejepa COMMAND [options]\n\n");
        for (CommandName name : CommandName.values()) {
            text.append(Text.format("  %-11s  %s%n", name.words(), name.summary()));
        }
        return text.append("\n./lejepa COMMAND --help tells more. The two to start with:\n")
                .append("  ./lejepa demo\n")
                .append("  ./lejepa train --config recipes/cifar10-vit-tiny.yaml --set data.train=DIR\n")
                .append("\nLEJEPA_HEAP=4g sets the Java heap (default: a quarter of the memory; stat: 60 percent).\n")
                .toString();
    }

    /// One command with its options and an example.
    static String of(CommandName name, Command command) {
        String operands = command.operands().isEmpty() ? "" : " " + command.operands();
        var text = new StringBuilder(
                Text.format("usage: ./lejepa %s%s [options]%n%n  %s%n%n", name.words(), operands, name.summary()));
        List<Option> options = allOptions(command);
        int width = options.stream()
                .mapToInt(option -> heading(option).length())
                .max()
                .orElse(0);
        for (Option option : options) {
            String heading = heading(option);
            text.append("  ").append(heading).append(" ".repeat(width - heading.length() + 2));
            text.append(option.getDescription()).append('\n');
        }
        return text.append("\nexample:\n  ")
                .append(command.example())
                .append('\n')
                .toString();
    }

    /// The command's own options, then those that all have.
    static List<Option> allOptions(Command command) {
        var options = new ArrayList<>(command.options());
        options.addAll(Flags.common());
        return options;
    }

    private static String heading(Option option) {
        return "--" + option.getLongOpt() + (option.hasArg() ? " " + option.getArgName() : "");
    }
}
