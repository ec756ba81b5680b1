package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OneLine;
import dev.lejepa.graphs.Spelling;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.ranks.Fault;
import dev.lejepa.trainer.ranks.SharedFaultException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/// Finds the command that the arguments name, runs it, and maps what happens to an exit code.
final class Program {
    private final Function<CommandName, Command> commands;
    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;
    private final Company company;

    /// One that works alone.
    Program(Function<CommandName, Command> commands, PrintStream out, PrintStream err, StopSignal stop) {
        this(commands, out, err, stop, Company.none());
    }

    Program(
            Function<CommandName, Command> commands,
            PrintStream out,
            PrintStream err,
            StopSignal stop,
            Company company) {
        this.commands = commands;
        this.out = out;
        this.err = err;
        this.stop = stop;
        this.company = company;
    }

    /// How a command ended.
    ///
    /// @param together whether all processes that ran it know, and end so too
    private record Ending(ExitCode code, boolean together) {}

    /// Runs a command. Its result counts only when all of standard output has been taken.
    ExitCode run(List<String> arguments) {
        var ending = attempt(arguments);
        var code = ending.code();
        if (out.checkError()) {
            err.println("lejepa: " + company.name()
                    + "standard output could not be written to its end: the disk is full, or nobody reads it");
            code = code == ExitCode.DONE ? ExitCode.FAULT : code;
        }
        company.leave(ending.together(), code);
        return code;
    }

    private Ending attempt(List<String> arguments) {
        boolean verbose = arguments.contains("--verbose");
        try {
            Optional<CommandName> name = CommandName.of(arguments);
            return new Ending(name.isPresent() ? run(name.get(), arguments) : withoutCommand(arguments), true);
        } catch (OutputLostException e) {
            return new Ending(ExitCode.FAULT, false); // told by the caller, who sees the same
        } catch (SharedFaultException e) {
            if (company.speaks()) {
                tell(e, "", String.valueOf(e.getMessage()), verbose);
            }
            return new Ending(code(e.badInput()), true);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            // The border of the program: whatever went wrong inside is told in one line and with a code.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            var fault = Fault.of(e);
            tell(e, company.name(), fault.message(), verbose);
            return new Ending(code(fault.badInput()), false);
        }
    }

    private static ExitCode code(boolean badInput) {
        return badInput ? ExitCode.BAD_INPUT : ExitCode.FAULT;
    }

    private ExitCode run(CommandName name, List<String> arguments) throws IOException, InterruptedException {
        Command command = commands.apply(name);
        List<String> rest = arguments.subList(name.parts().size(), arguments.size());
        if (rest.contains("--help")) {
            out.print(HelpText.of(name, command));
            return ExitCode.DONE;
        }
        CommandLine line = parse(command, rest);
        var call = new Call(line, new Console(out, err, line.hasOption("json")), stop, company);
        var ranks = call.whole("ranks", 1).orElse(1);
        return ranks == 1 ? command.run(call) : new RankStarter(System.getenv(), call.console()).run(ranks, arguments);
    }

    private static CommandLine parse(Command command, List<String> arguments) {
        var options = new Options();
        HelpText.allOptions(command).forEach(options::addOption);
        try {
            return DefaultParser.builder()
                    .setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false)
                    .get()
                    .parse(options, arguments.toArray(String[]::new));
        } catch (UnrecognizedOptionException e) {
            throw new BadInputException(unknownOption(e.getOption(), options), e);
        } catch (MissingArgumentException e) {
            String name = e.getOption().getLongOpt();
            throw new BadInputException(
                    Text.format(
                            "--%s: its value %s is missing", name, e.getOption().getArgName()),
                    e);
        } catch (ParseException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String unknownOption(String given, Options options) {
        List<String> known = options.getOptions().stream()
                .map(Option::getLongOpt)
                .map(name -> "--" + name)
                .toList();
        String bare = given.contains("=") ? given.substring(0, given.indexOf('=')) : given;
        return Text.format(
                "%s: unknown option, nearest: %s; see --help",
                given, Spelling.nearest(bare, known).orElseThrow());
    }

    private ExitCode withoutCommand(List<String> arguments) {
        if (arguments.contains("--help") || arguments.equals(List.of("help"))) {
            out.print(HelpText.overview());
            return ExitCode.DONE;
        }
        if (arguments.isEmpty()) {
            err.print(HelpText.overview());
            return ExitCode.BAD_INPUT;
        }
        throw new BadInputException(unknownCommand(arguments));
    }

    private static String unknownCommand(List<String> arguments) {
        List<String> known =
                Arrays.stream(CommandName.values()).map(CommandName::words).toList();
        String first = arguments.getFirst();
        List<String> family =
                known.stream().filter(words -> words.startsWith(first + " ")).toList();
        if (!family.isEmpty()) {
            return first + ": which one? " + String.join(", ", family);
        }
        return Text.format(
                "%s: unknown command, nearest: %s; ./lejepa --help lists all",
                typed(arguments), nearest(arguments, known));
    }

    /// A name of two words is compared with both that were typed.
    private static String nearest(List<String> arguments, List<String> known) {
        String both = typed(arguments);
        return known.stream()
                .min(Comparator.comparingInt(
                        words -> Spelling.distance(words.contains(" ") ? both : arguments.getFirst(), words)))
                .orElseThrow();
    }

    private static String typed(List<String> arguments) {
        return arguments.stream()
                .limit(2)
                .takeWhile(word -> !word.startsWith("-"))
                .collect(Collectors.joining(" "));
    }

    private void tell(Throwable fault, String who, String message, boolean verbose) {
        if (stop.ending()) {
            return;
        }
        err.println("lejepa: " + who + OneLine.of(message));
        if (verbose) {
            fault.printStackTrace(err);
        }
    }
}
