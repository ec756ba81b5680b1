package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OneLine;
import dev.lejepa.graphs.Spelling;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
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
import org.jspecify.annotations.Nullable;

/// Finds the command that the arguments name, runs it, and maps what happens to an exit code.
final class Program {
    private final Function<CommandName, Command> commands;
    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    Program(Function<CommandName, Command> commands, PrintStream out, PrintStream err, StopSignal stop) {
        this.commands = commands;
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    /// Runs a command. Its result counts only when all of standard output has been taken.
    ExitCode run(List<String> arguments) {
        var code = attempt(arguments);
        if (!out.checkError()) {
            return code;
        }
        err.println("lejepa: standard output could not be written to its end: the disk is full, or nobody reads it");
        return code == ExitCode.DONE ? ExitCode.FAULT : code;
    }

    private ExitCode attempt(List<String> arguments) {
        boolean verbose = arguments.contains("--verbose");
        try {
            Optional<CommandName> name = CommandName.of(arguments);
            return name.isPresent() ? run(name.get(), arguments) : withoutCommand(arguments);
        } catch (BadInputException e) {
            return fail(e, e.getMessage(), verbose, ExitCode.BAD_INPUT);
        } catch (OutputLostException e) {
            return ExitCode.FAULT; // told by the caller, who sees the same
        } catch (IOException e) {
            return fail(e, describe(e), verbose, ExitCode.FAULT);
        } catch (UncheckedIOException e) {
            return fail(e, e.getMessage(), verbose, ExitCode.FAULT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(e, "interrupted", verbose, ExitCode.FAULT);
        } catch (DeviceMemoryException | CudaException e) {
            return fail(e, e.getMessage(), verbose, ExitCode.FAULT);
        } catch (OutOfMemoryError e) {
            return fail(e, heapTooSmall(e), verbose, ExitCode.FAULT);
        } catch (RuntimeException e) {
            // The border of the program: whatever went wrong inside is told in one line and with a code.
            return fail(e, describe(e) + " (a fault of this program; --verbose shows where)", verbose, ExitCode.FAULT);
        }
    }

    private ExitCode run(CommandName name, List<String> arguments) throws IOException, InterruptedException {
        Command command = commands.apply(name);
        List<String> rest = arguments.subList(name.parts().size(), arguments.size());
        if (rest.contains("--help")) {
            out.print(HelpText.of(name, command));
            return ExitCode.DONE;
        }
        CommandLine line = parse(command, rest);
        var call = new Call(line, new Console(out, err, line.hasOption("json")), stop);
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

    private static String describe(Throwable fault) {
        String message = fault.getMessage();
        String kind = fault.getClass().getSimpleName();
        return message == null || message.isBlank() ? kind : kind + ": " + message;
    }

    private static String heapTooSmall(OutOfMemoryError fault) {
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        return Text.format("a Java heap of %d MB is too small for this: %s", heap, fault.getMessage());
    }

    private ExitCode fail(Throwable fault, @Nullable String message, boolean verbose, ExitCode code) {
        if (stop.ending()) {
            return code;
        }
        err.println("lejepa: " + OneLine.of(String.valueOf(message)));
        if (verbose) {
            fault.printStackTrace(err);
        }
        return code;
    }
}
