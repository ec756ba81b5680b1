package dev.lejepa.trainer.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RunLockTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /// A file system without locks.
    private static final FileLocks NONE = new FileLocks(
            _ -> {
                throw new IOException("No locks available");
            },
            _ -> false,
            Duration.ofMillis(20),
            Duration.ofMillis(600),
            Duration.ofMillis(50));

    /// One whose locks other machines may not see.
    private static final FileLocks SHARED =
            new FileLocks(channel -> channel.tryLock(), _ -> false, NONE.renewal(), NONE.watch(), NONE.settling());

    @TempDir
    private Path folder;

    private final List<String> words = new ArrayList<>();

    private RunLock take(FileLocks locks) throws IOException, InterruptedException {
        return RunLock.take(folder, words::add, locks);
    }

    private String refusal(FileLocks locks) {
        return assertThrows(BadInputException.class, () -> take(locks).close()).getMessage();
    }

    private Path holder() {
        return folder.resolve("run.holder");
    }

    /// A process on another machine, which this one cannot see.
    private static LockHolder elsewhere() {
        return new LockHolder("other", "other boot", "pid:[1]", 7, "1", "2026-03-01T12:00:00Z", "token", 0);
    }

    @Test
    void theSecondIsRefusedAndToldWhoHasIt() throws Exception {
        for (var locks : List.of(FileLocks.system(), SHARED, NONE)) {
            try (var first = take(locks)) {
                var message = refusal(locks);
                assertTrue(message.startsWith(folder + ": is in use by process "), message);
                assertTrue(
                        message.contains(" %d on host '"
                                .formatted(ProcessHandle.current().pid())),
                        message);
                assertTrue(message.contains("' since 20"), message);
                assertEquals(1, message.lines().count());
                first.requireHeld();
            }
            take(locks).close();
        }
    }

    @Test
    void nothingIsLeftInTheFolderAndNoFolderThatWasMadeForIt() throws Exception {
        for (var locks : List.of(FileLocks.system(), NONE)) {
            take(locks).close();
            try (var left = Files.list(folder)) {
                assertEquals(List.of(), left.toList());
            }
            var deep = folder.resolve("a/b");
            RunLock.take(deep, words::add, locks).close();
            assertFalse(Files.exists(deep.getParent()));
            try (var _ = RunLock.take(deep, words::add, locks)) {
                Files.writeString(deep.resolve("kept"), "kept");
            }
            Files.delete(deep.resolve("kept"));
            Files.delete(deep);
            Files.delete(deep.getParent());
        }
    }

    @Test
    void aFolderWithTheFilesOfALockIsFree() throws Exception {
        try (var _ = take(FileLocks.system())) {
            assertTrue(new RunFolder(folder).isFree());
            Files.writeString(folder.resolve("mine.txt"), "mine");
            assertFalse(new RunFolder(folder).isFree());
        }
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "text");
        var refused = assertThrows(BadInputException.class, () -> RunLock.take(file, words::add));
        assertEquals(file + ": is a file, must be a folder", refused.getMessage());
    }

    @Test
    void whatAKilledProcessLeftKeepsNobodyOut() throws Exception {
        var process = new ProcessBuilder("sleep", "60").start();
        LockHolder.of(process.pid(), NOON).write(holder());
        Files.createFile(folder.resolve("run.lock"));
        var message = refusal(NONE);
        assertTrue(message.contains("process %d on".formatted(process.pid())), message);
        process.destroyForcibly().waitFor();
        for (var locks : List.of(FileLocks.system(), SHARED, NONE)) {
            LockHolder.of(process.pid(), NOON).write(holder());
            take(locks).close();
        }
        assertEquals(List.of(), words, "nobody had to wait");
    }

    @Test
    void aNumberThatAnotherProcessHasByNowIsNoHolder() throws Exception {
        var alive = LockHolder.of(ProcessHandle.current().pid(), NOON);
        new LockHolder(alive.host(), alive.boot(), alive.space(), alive.pid(), "1", alive.since(), alive.token(), 0)
                .write(holder());
        take(NONE).close();
    }

    @Test
    void fileThatNamesNobodyKeepsNobodyOut() throws Exception {
        for (var text : List.of("", "rubbish", "{}", "null", "{\"pid\": 7}")) {
            Files.writeString(holder(), text);
            take(NONE).close();
        }
    }

    @Test
    void aHolderElsewhereThatIsSilentIsTakenForGone() throws Exception {
        for (var locks : List.of(SHARED, NONE)) {
            elsewhere().write(holder());
            try (var lock = take(locks)) {
                lock.requireHeld();
            }
            assertTrue(words.getLast().contains("was in use by process 7 on host 'other'"), words::toString);
        }
        words.clear();
        elsewhere().write(holder());
        var own = new FileLocks(SHARED.locking(), _ -> true, SHARED.renewal(), SHARED.watch(), SHARED.settling());
        take(own).close();
        assertEquals(List.of(), words, "a lock of the machine's own file system needs no waiting");
    }

    @Test
    void aHolderElsewhereThatIsHeardOfKeepsOthersOutWhateverTheClocks() throws Exception {
        var other = elsewhere();
        other.write(holder());
        var beats = Thread.ofPlatform().start(() -> {
            var now = other;
            try {
                while (true) {
                    Thread.sleep(50);
                    now = now.next();
                    now.write(holder());
                }
            } catch (InterruptedException | IOException e) {
                return;
            }
        });
        try {
            for (var locks : List.of(SHARED, NONE)) {
                assertTrue(refusal(locks).contains("process 7 on host 'other' since 2026-03-01T12:00:00Z"));
            }
        } finally {
            beats.interrupt();
            beats.join();
        }
    }

    @Test
    void aHolderSaysThatItIsThereAndNoticesWhoTookItsPlace() throws Exception {
        try (var lock = take(NONE)) {
            var first = LockHolder.read(holder()).orElseThrow();
            while (LockHolder.read(holder()).orElse(first).beat() < 2) {
                Thread.sleep(5);
            }
            assertDoesNotThrow(lock::requireHeld);
            elsewhere().write(holder());
            String message = null;
            while (message == null) {
                Thread.sleep(5);
                try {
                    lock.requireHeld();
                } catch (UncheckedIOException e) {
                    message = e.getMessage();
                }
            }
            assertTrue(message.contains("was taken over by process 7 on host 'other'"), message);
        }
        assertEquals(
                elsewhere().token(), LockHolder.read(holder()).orElseThrow().token(), "the other one's stays");
    }
}
