package dev.lejepa.runtime.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real processes that each MPI library of this machine connects; where one is missing, its tests say so.
@Timeout(120)
class MpiTest {
    /// What starts them.
    enum Library {
        OPEN_MPI("Open MPI", "mpirun.openmpi", "--bind-to", "none", "--oversubscribe", "--quiet"),
        MPICH("MPICH", "mpirun.mpich");

        private final String title;
        private final List<String> command;

        Library(String title, String... command) {
            this.title = title;
            this.command = List.of(command);
        }

        private boolean isHere() {
            try {
                var version = new ProcessBuilder(command.getFirst(), "--version")
                        .redirectErrorStream(true)
                        .start();
                version.getInputStream().readAllBytes();
                return version.waitFor() == 0;
            } catch (IOException e) {
                return false; // no such program
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private record Result(int code, List<String> lines) {
        /// What each rank said, by rank: the same lines without who said them.
        Map<String, List<String>> byRank() {
            var said = new TreeMap<String, List<String>>();
            for (var line : lines) {
                var words = line.split(": ", 2);
                if (line.startsWith("rank ") && words.length == 2) {
                    said.computeIfAbsent(words[0], _ -> new ArrayList<>()).add(words[1]);
                }
            }
            return said;
        }
    }

    private static Result start(Library library, int ranks, String what) throws IOException, InterruptedException {
        assumeTrue(library.isHere(), () -> library.title + " is not installed: " + library.command.getFirst());
        var command = new ArrayList<>(library.command);
        command.addAll(List.of("-n", Integer.toString(ranks)));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RankProgram.class.getName(),
                what));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("OMPI_ALLOW_RUN_AS_ROOT", "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"));
        var process = builder.start();
        process.getOutputStream().close();
        var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        return new Result(process.exitValue(), told.lines().toList());
    }

    /// Bit for bit, and as often as it is tried.
    @ParameterizedTest
    @EnumSource
    void allRanksHaveTheSameNumbers(Library library) throws IOException, InterruptedException {
        var first = start(library, 3, "numbers");
        assertEquals(0, first.code(), first::toString);
        assertEquals(
                Set.of("rank 0 of 3", "rank 1 of 3", "rank 2 of 3"),
                first.byRank().keySet());
        var lines = first.byRank().get("rank 0 of 3");
        assertTrue(lines.getFirst().startsWith("transport " + library.title), first::toString);
        assertTrue(lines.contains("words [, rank 1, rank 2rank 2]"), first::toString);
        assertTrue(lines.contains("sums are right"), first::toString);
        // by a signal that a library below MPI would take from the JVM, it knows null pointers and ends of stacks
        assertTrue(lines.contains("caught 201"), first::toString);
        first.byRank().values().forEach(others -> assertEquals(lines, others));
        assertEquals(first.byRank(), start(library, 3, "numbers").byRank());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLargeGoesInPieces(Library library) throws IOException, InterruptedException {
        var whole = start(library, 2, "numbers").byRank().get("rank 0 of 2");
        var pieces = start(library, 2, "pieces").byRank();
        assertEquals(Map.of("rank 0 of 2", whole, "rank 1 of 2", whole), pieces);
    }

    @ParameterizedTest
    @EnumSource
    void aRankThatIsLostEndsTheOthers(Library library) throws IOException, InterruptedException {
        var said = start(library, 2, "dies");
        assertEquals(9, said.code(), said::toString);
    }

    @ParameterizedTest
    @EnumSource
    void oneRankEndsAll(Library library) throws IOException, InterruptedException {
        var said = start(library, 2, "aborts");
        assertEquals(7, said.code(), said::toString);
    }
}
