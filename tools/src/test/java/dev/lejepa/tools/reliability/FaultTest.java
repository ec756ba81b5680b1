package dev.lejepa.tools.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.random.Key;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A run whose disk is full, or whose folder cannot be written to, says so in one line and goes on once it can.
class FaultTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Kills kills;

    @BeforeAll
    static void undisturbed() throws IOException, InterruptedException {
        kills = Kills.in(folder);
    }

    private static void assertGoesOn(Path run) throws IOException, InterruptedException {
        var train = TrainProcess.start(List.of(), Kills.words(kills.project(), run), Kills.log(run));
        assertEquals(0, train.end(), train.said());
        assertEquals(Optional.empty(), kills.expected().difference(RunContent.of(run)));
    }

    private static void assertOneLine(TrainProcess train) throws IOException {
        assertEquals(
                1,
                train.said().lines().filter(line -> line.startsWith("lejepa: ")).count(),
                train.said());
        assertTrue(train.said().lines().noneMatch(line -> line.startsWith("\tat ")), train.said());
    }

    /// Disks of every size below the one that is needed, so that each kind of file is once the one that does not fit.
    @Test
    void runThatFillsItsDiskGoesOnWhereThereIsRoom() throws IOException, InterruptedException {
        var needed = bytes(kills.project().run("undisturbed"));
        var disks = Integer.getInteger("kill.disks", 2);
        var mounts = Surroundings.areThere();
        for (var i = 0; i < disks; i++) {
            var size = Math.round(needed * (i + 0.5) / disks);
            var disk = Files.createDirectory(folder.resolve("disk" + i));
            var copy = mounts ? Files.createDirectory(folder.resolve("copy" + i)) : disk;
            var before = mounts ? Surroundings.smallDisk(size, disk, copy) : Surroundings.smallFiles(size / 4);
            var run = disk.resolve("run");
            var train = TrainProcess.start(before, Kills.words(kills.project(), run), Kills.log(disk));
            assertEquals(1, train.end(), train.said());
            assertOneLine(train);
            assertGoesOn(copy.resolve("run"));
            System.out.println("%s of %,d bytes was full, the run went on to equal bits"
                    .formatted(mounts ? "disk" : "file (no mounts here, limited by ulimit)", size));
        }
    }

    private static long bytes(Path run) throws IOException {
        try (var entries = Files.walk(run)) {
            return entries.map(Path::toFile)
                    .filter(file -> file.isFile())
                    .mapToLong(file -> file.length())
                    .sum();
        }
    }

    @Test
    void runWhoseFolderCannotBeWrittenToIsLeftAsItIs() throws IOException, InterruptedException {
        assumeTrue(
                Surroundings.areThere(), "a folder that root cannot write to needs a mount, and there are none here");
        var run = kills.project().run("read-only");
        var killed = TrainProcess.start(List.of(), Kills.words(kills.project(), run), Kills.log(run));
        assertTrue(Aim.CHECKPOINT.await(killed, run, kills.course(), Key.of(1).draws()));
        killed.kill();
        var before = files(run);
        var refused = TrainProcess.start(Surroundings.readOnly(run), Kills.words(kills.project(), run), Kills.log(run));
        assertTrue(List.of(1, 2).contains(refused.end()), refused.said());
        assertOneLine(refused);
        assertEquals(before, files(run));
        assertGoesOn(run);
        System.out.println("a folder could not be written to, the run went on to equal bits when it could");
    }

    private static SortedMap<Path, ByteBuffer> files(Path run) throws IOException {
        var files = new TreeMap<Path, ByteBuffer>();
        try (var entries = Files.walk(run)) {
            for (var entry : entries.filter(Files::isRegularFile).toList()) {
                files.put(entry, ByteBuffer.wrap(Files.readAllBytes(entry)));
            }
        }
        return files;
    }
}
