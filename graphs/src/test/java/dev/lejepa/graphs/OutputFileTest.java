package dev.lejepa.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    private Path folder;

    private Path at(String name) {
        return folder.resolve(name);
    }

    private List<String> names() throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertRefused(Path file, String why) {
        var thrown = assertThrows(IOException.class, () -> AtomicFile.writeText(file, "new"));
        assertEquals(file + ": " + why, thrown.getMessage());
    }

    @Test
    void aLinkStaysALinkAndItsTargetIsReplaced() throws IOException {
        Files.createDirectory(at("sub"));
        Files.writeString(at("sub/real"), "old");
        Files.createSymbolicLink(at("sub/hop"), Path.of("real"));
        Files.createSymbolicLink(at("link"), Path.of("sub/hop"));
        AtomicFile.writeText(at("link"), "new");
        assertTrue(Files.isSymbolicLink(at("link")) && Files.isSymbolicLink(at("sub/hop")));
        assertFalse(Files.isSymbolicLink(at("sub/real")));
        assertEquals("new", Files.readString(at("sub/real")));
    }

    @Test
    void theTargetOfALinkIsMadeWhereItIsMissing() throws IOException {
        Files.createSymbolicLink(at("link"), Path.of("later"));
        AtomicFile.writeText(at("link"), "new");
        assertEquals("new", Files.readString(at("later")));
        assertTrue(Files.isSymbolicLink(at("link")));
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        Files.createSymbolicLink(at("a"), Path.of("b"));
        Files.createSymbolicLink(at("b"), Path.of("a"));
        assertRefused(at("a"), "its links lead in a circle");
    }

    @Test
    @Timeout(30)
    void aPipeGetsTheBytesAndStaysAPipe() throws Exception {
        Path pipe = at("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        var read = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(pipe);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        AtomicFile.write(pipe, channel -> {
            channel.write(ByteBuffer.wrap(new byte[] {'?', 'b'}));
            channel.write(ByteBuffer.wrap(new byte[] {'a'}), 0); // as those do that know their header at the end
        });
        assertEquals("ab", read.get(20, TimeUnit.SECONDS));
        assertTrue(Files.readAttributes(pipe, "isOther").containsValue(true));
        assertTrue(OutputFile.isStream(pipe));
        assertEquals(List.of("pipe"), names());
    }

    @Test
    void aSocketIsRefused() throws IOException {
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(at("s")));
            assertRefused(at("s"), "is neither a file nor a pipe nor a device for characters");
        }
    }

    @Test
    void foldersAndMissingFoldersAreRefused() throws IOException {
        Files.createDirectory(at("sub"));
        Files.writeString(at("file"), "");
        assertRefused(at("sub"), "is a folder, expected the name of a file");
        assertRefused(at("none/x"), "its folder %s does not exist".formatted(at("none")));
        assertRefused(at("file/x"), "%s is no folder".formatted(at("file")));
    }

    @Test
    void aReplacedFileKeepsItsPermissions() throws IOException {
        Files.writeString(at("x"), "old");
        var own = PosixFilePermissions.fromString("rw-r-----");
        Files.setPosixFilePermissions(at("x"), own);
        AtomicFile.writeText(at("x"), "new");
        assertEquals(own, Files.getPosixFilePermissions(at("x")));
        assertEquals("new", Files.readString(at("x")));
    }

    @Test
    void aNameAsLongAsTheyGetIsWritten() throws IOException {
        Path longest = at("n".repeat(255));
        AtomicFile.writeText(longest, "new");
        assertEquals("new", Files.readString(longest));
        assertThrows(IOException.class, () -> AtomicFile.writeText(at("n".repeat(256)), "new"));
        assertEquals(1, names().size());
    }

    @Test
    void whatAKilledProcessLeftIsRemovedByTheNextWriter() throws IOException {
        Files.writeString(at(".lejepa-left.tmp"), "half");
        assertTrue(OutputFile.isUnfinished(at(".lejepa-left.tmp")));
        AtomicFile.writeText(at("x"), "new");
        assertEquals(List.of("x"), names());
    }

    @Test
    void anotherFileInTheFolderLeavesTheLockOfTheFirst() throws IOException {
        try (var one = OutputFile.create(at("x"))) {
            var inode = Files.getAttribute(at(names().getFirst()), "unix:ino");
            try (var other = OutputFile.create(at("y"))) {
                assertEquals(2, names().size());
            }
            var locks = Files.readAllLines(Path.of("/proc/locks"));
            assertTrue(locks.stream().anyMatch(line -> line.contains(":" + inode + " ")), () -> inode + " in " + locks);
            one.commit();
        }
        assertEquals(List.of("x"), names());
    }

    @Test
    void twoWritersOfOneFileDoNotMeet() throws IOException {
        try (var one = OutputFile.create(at("x"));
                var other = OutputFile.create(at("x"))) {
            one.channel().write(ByteBuffer.wrap("one".getBytes(StandardCharsets.UTF_8)));
            other.channel().write(ByteBuffer.wrap("other".getBytes(StandardCharsets.UTF_8)));
            other.commit();
            assertEquals("other", Files.readString(at("x")));
            one.commit();
        }
        assertEquals("one", Files.readString(at("x")));
        assertEquals(List.of("x"), names());
    }

    @Test
    void aFileWithoutACommitLeavesNothing() throws IOException {
        try (var file = OutputFile.create(at("x"))) {
            file.channel().write(ByteBuffer.allocate(9));
        }
        assertEquals(List.of(), names());
    }

    @Test
    void onlyRegularFilesAreRead() throws Exception {
        assertEquals(
                0, new ProcessBuilder("mkfifo", at("pipe").toString()).start().waitFor());
        Files.writeString(at("file"), "");
        InputFile.require(at("file"));
        for (var name : List.of("pipe", "none", ".")) {
            var refused = assertThrows(BadInputException.class, () -> InputFile.require(at(name)));
            var expected = switch (name) {
                case "pipe" -> "is a pipe, a socket or a device, expected a file";
                case "none" -> "no such file";
                default -> "is a folder, expected a file";
            };
            assertEquals(at(name) + ": " + expected, refused.getMessage());
        }
        assertTrue(Files.exists(at("pipe"), LinkOption.NOFOLLOW_LINKS));
    }
}
