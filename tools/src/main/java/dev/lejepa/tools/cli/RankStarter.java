package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.collective.Launch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import sun.misc.Signal;

/// Starts this very command again as several processes of this machine, and waits for them. `mpirun` gets a session
/// of its own where the system can do that, so that Ctrl-C reaches it as a signal which it passes on: its own answer to
/// Ctrl-C is to kill all processes after a second or two, however long a checkpoint takes. A second Ctrl-C does that.
final class RankStarter {
    private static final String HEAP = "-XX:MaxRAMPercentage=";
    /// Both libraries' `mpirun` passes it on, and [StopSignal] hears it.
    private static final String STOP = "USR1";

    private static final int SIGNAL_CODE = 128; // added to a signal's number, as shells do
    private static final List<String> SIGNALS = List.of("HUP", "INT", "TERM", STOP);

    private final Map<String, String> environment;
    private final Console console;

    /// @param environment variables of this process
    RankStarter(Map<String, String> environment, Console console) {
        this.environment = environment;
        this.console = console;
    }

    /// Returns when all processes have ended.
    ///
    /// @param ranks how many processes, more than one
    /// @param arguments of this one, with `--ranks`
    /// @throws BadInputException if there is no `mpirun`, or a launcher has started this process already
    ExitCode run(int ranks, List<String> arguments) throws IOException, InterruptedException {
        requireNoLauncher(ranks);
        var command = new ArrayList<String>();
        Mpirun.onPath("setsid", environment).ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(Mpirun.find(environment).command(ranks, again(ranks, arguments)));
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        // without these Open MPI does nothing for root, who is the only user of many containers
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT", "1");
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        var process = builder.start();
        var asking = new Asking(process);
        SIGNALS.forEach(name -> Signal.handle(new Signal(name), _ -> asking.receive()));
        return exitCode(process.waitFor(), asking);
    }

    private void requireNoLauncher(int ranks) {
        var launch = Launch.of(environment);
        if (launch.launcher() != Launch.Launcher.NONE) {
            throw new BadInputException(Text.format(
                    "--ranks %d starts processes, but this one was started by a launcher (%s); leave out one of the two",
                    ranks, launch.variables()));
        }
    }

    /// This process's command line without `--ranks`. The heap was measured for one process.
    private static List<String> again(int ranks, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .map(option -> option.startsWith(HEAP)
                        ? HEAP + Double.parseDouble(option.substring(HEAP.length())) / ranks
                        : option)
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(without(arguments));
        return command;
    }

    /// Arguments but for `--ranks R` and `--ranks=R`.
    static List<String> without(List<String> arguments) {
        var rest = new ArrayList<String>();
        for (var i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals("--ranks")) {
                i++;
            } else if (!arguments.get(i).startsWith("--ranks=")) {
                rest.add(arguments.get(i));
            }
        }
        rest.forEach(RankStarter::requireText);
        return rest;
    }

    /// Java hands on characters, not bytes.
    private static void requireText(String argument) {
        if (!Arrays.equals(PathText.encoded(argument), argument.getBytes(StandardCharsets.UTF_8))) {
            throw new BadInputException(
                    argument + " is not UTF-8, and --ranks cannot hand it on; start mpirun yourself");
        }
    }

    private ExitCode exitCode(int code, Asking asking) {
        if (code == ExitCode.BAD_INPUT.value()) {
            return ExitCode.BAD_INPUT;
        }
        if (code == ExitCode.FAULT.value()) {
            return ExitCode.FAULT;
        }
        // MPICH's mpirun now and then forgets the processes' code when it has passed a signal on
        if (asking.asked() || code == SIGNAL_CODE + new Signal(STOP).getNumber()) {
            return ExitCode.INTERRUPTED;
        }
        if (code == ExitCode.DONE.value()) {
            return ExitCode.DONE;
        }
        console.note(Text.format("lejepa: a process ended with code %d, and the others were ended", code));
        return ExitCode.FAULT;
    }

    /// What a person asks for by signals, told to `mpirun`.
    private static final class Asking {
        private final Process process;
        private boolean asked;

        Asking(Process process) {
            this.process = process;
        }

        synchronized boolean asked() {
            return asked;
        }

        synchronized void receive() {
            if (asked) {
                process.destroy();
            } else {
                asked = true;
                send();
            }
        }

        private void send() {
            try {
                new ProcessBuilder("sh", "-c", "kill -" + STOP + " " + process.pid())
                        .inheritIO()
                        .start();
            } catch (IOException e) {
                process.destroy();
            }
        }
    }
}
