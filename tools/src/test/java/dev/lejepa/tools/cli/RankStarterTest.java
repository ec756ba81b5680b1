package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RankStarterTest {
    @TempDir
    Path folder;

    /// Starts three processes by an `mpirun` that keeps what it was told, and ends with a code.
    private ExitCode start(String version, int code, String... arguments) throws IOException, InterruptedException {
        var program = folder.resolve("mpirun");
        Files.writeString(program, """
                #!/bin/sh
                [ "$1" = --version ] && { echo 'VERSION'; exit 0; }
                { printf '%s\\n' "$@"; echo "root: $OMPI_ALLOW_RUN_AS_ROOT $OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"; } >'TOLD'
                exit CODE
                """.replace("VERSION", version)
                .replace("TOLD", folder.resolve("told").toString())
                .replace("CODE", Integer.toString(code)));
        assertTrue(program.toFile().setExecutable(true));
        return starter(Map.of("PATH", folder + ":/usr/bin:/bin")).run(3, List.of(arguments));
    }

    private static RankStarter starter(Map<String, String> environment) {
        var nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new RankStarter(environment, new Console(nowhere, nowhere, false));
    }

    private List<String> told() throws IOException {
        return Files.readAllLines(folder.resolve("told"));
    }

    @Test
    void openMpiIsToldToBindNothing() throws IOException, InterruptedException {
        assertEquals(ExitCode.DONE, start("mpirun (Open MPI) 5.0.3", 0, "train", "--ranks", "3", "--out", "a b"));
        var told = told();
        assertEquals(List.of("-n", "3", "--bind-to", "none", "--oversubscribe", "--quiet"), told.subList(0, 6));
        assertTrue(told.get(6).endsWith("java"), told::toString);
        assertEquals(
                List.of(Main.class.getName(), "train", "--out", "a b", "root: 1 1"),
                told.subList(told.indexOf(Main.class.getName()), told.size()));
    }

    @Test
    void mpichNeedsNoFlags() throws IOException, InterruptedException {
        assertEquals(ExitCode.DONE, start("HYDRA build details:", 0, "train", "--ranks=3"));
        assertEquals(List.of("-n", "3"), told().subList(0, 2));
        assertTrue(told().get(2).endsWith("java"), () -> "no flags");
    }

    @Test
    void theCodeOfTheProcessesIsPassedOn() throws IOException, InterruptedException {
        assertEquals(ExitCode.BAD_INPUT, start("HYDRA", 2, "train"));
        assertEquals(ExitCode.FAULT, start("HYDRA", 1, "train"));
        assertEquals(ExitCode.FAULT, start("HYDRA", 137, "train"));
        assertEquals(ExitCode.INTERRUPTED, start("HYDRA", 138, "train"));
    }

    @Test
    void withoutMpirunAPersonIsToldWhatToInstall() {
        var refused = assertThrows(
                BadInputException.class,
                () -> starter(Map.of("PATH", folder.toString())).run(2, List.of("train")));
        assertTrue(String.valueOf(refused.getMessage()).contains("openmpi-bin"), refused::getMessage);
    }

    @Test
    void processesOfALauncherStartNoOthers() {
        var refused = assertThrows(
                BadInputException.class,
                () -> starter(Map.of("PMI_RANK", "1", "PMI_SIZE", "2")).run(2, List.of("train")));
        assertTrue(String.valueOf(refused.getMessage()).contains("PMI_RANK=1 PMI_SIZE=2"), refused::getMessage);
    }

    @Test
    void oneRankIsTheProcessItself() {
        assertEquals(ExitCode.DONE, run("--ranks", "1"));
        assertEquals(ExitCode.BAD_INPUT, run("--ranks", "0"));
        assertEquals(ExitCode.BAD_INPUT, run("--ranks", "two"));
    }

    private static ExitCode run(String... arguments) {
        var nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        var command = new Command() {
            @Override
            public List<Option> options() {
                return List.of(Flags.ranks());
            }

            @Override
            public String example() {
                return "";
            }

            @Override
            public ExitCode run(Call call) {
                return ExitCode.DONE;
            }
        };
        var line = new ArrayList<>(List.of("train"));
        line.addAll(List.of(arguments));
        return new Program(_ -> command, nowhere, nowhere, new StopSignal(nowhere)).run(line);
    }
}
