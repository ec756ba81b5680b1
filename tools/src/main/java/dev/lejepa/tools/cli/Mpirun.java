package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// MPI's program that starts processes together, as this machine has it.
///
/// @param program its file
/// @param flags that let processes use all processors, however many they are, and leave messages to them
record Mpirun(Path program, List<String> flags) {
    /// As it is called: both libraries take the first two names, Debian tells them apart by the others.
    private static final List<String> NAMES = List.of("mpirun", "mpiexec", "mpirun.openmpi", "mpirun.mpich");

    private static final List<String> OPEN_MPI = List.of("--bind-to", "none", "--oversubscribe", "--quiet");

    /// The first on the PATH.
    ///
    /// @throws BadInputException if there is none
    static Mpirun find(Map<String, String> environment) throws IOException, InterruptedException {
        for (var name : NAMES) {
            var program = onPath(name, environment);
            if (program.isPresent()) {
                return new Mpirun(program.get(), flags(version(program.get())));
            }
        }
        throw new BadInputException(
                Text.format(
                        "--ranks starts processes by mpirun, and none is on the PATH; install Open MPI (Debian: openmpi-bin) or MPICH (Debian: mpich)"));
    }

    static Optional<Path> onPath(String name, Map<String, String> environment) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Call.asPath("PATH", folder).resolve(name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static String version(Path program) throws IOException, InterruptedException {
        var process = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return told;
    }

    /// MPICH's binds to nothing by itself, and takes any number of processes.
    private static List<String> flags(String version) {
        return Stream.of("Open MPI", "OpenRTE", "Open RTE", "PRRTE").anyMatch(version::contains) ? OPEN_MPI : List.of();
    }

    /// A command that starts another one several times.
    List<String> command(int ranks, List<String> what) {
        var command = new ArrayList<>(List.of(program.toString(), "-n", Integer.toString(ranks)));
        command.addAll(flags);
        command.addAll(what);
        return command;
    }
}
