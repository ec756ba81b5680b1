package dev.lejepa.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PathTextTest {
    /// Latin-1, an accent on its own, an emoji, a folder that is not UTF-8, and what shells and URIs take for signs.
    private static final Set<String> NAMES = Set.of(
            "plain.png",
            "Stra\udcdfe",
            "e\u0301",
            "日本",
            "\ud83d\ude00",
            "a\nb",
            "a\rb",
            " x ",
            "a'b\"c",
            "a\\b",
            "a\\nb",
            "100%",
            "%41",
            "a#b",
            "a?b",
            "*",
            "-x",
            "ü/\udcfc/é",
            "../ü",
            "./ü",
            "/ü",
            "?");

    @Test
    void everyTextLeadsToItsPathAndBack() {
        for (String name : NAMES) {
            assertEquals(name, PathText.text(PathText.path(name)));
            assertArrayEquals(PathText.encoded(name), PathText.bytes(PathText.path(name)));
        }
    }

    @Test
    void everyByteOfANameHasAText() {
        for (int b = 1; b < 256; b++) {
            if (b != '/') {
                byte[] name = {'a', (byte) b, 'z'};
                String text = PathText.decoded(name);
                assertArrayEquals(name, PathText.encoded(text));
                assertArrayEquals(name, PathText.bytes(PathText.path(text)));
                assertEquals(text, PathText.text(PathText.path(text)));
            }
        }
    }

    @Test
    void relativePathsStayRelativeAndParentsStay() {
        assertTrue(PathText.path("/ü").isAbsolute());
        assertEquals(3, PathText.path("ü/../é").getNameCount());
        assertEquals(2, PathText.path("ü//é/").getNameCount());
        assertEquals(Path.of(""), PathText.path(""));
    }

    @Test
    void bytesThatAreNoCharactersAreSurrogatesAsInPython() {
        assertEquals("\udcfc.png", PathText.decoded(new byte[] {(byte) 0xfc, '.', 'p', 'n', 'g'}));
        assertEquals("\udced\udcb3\udcbcé", PathText.decoded(new byte[] {-19, -77, -68, (byte) 0xc3, (byte) 0xa9}));
        assertEquals("é\udcc3", PathText.decoded(new byte[] {(byte) 0xc3, (byte) 0xa9, (byte) 0xc3}));
    }

    @Test
    void whatCanBeNoNameIsRefused() {
        assertThrows(InvalidPathException.class, () -> PathText.path("ü\0"));
        assertThrows(InvalidPathException.class, () -> PathText.path("\ud800x"));
    }

    @Test
    void lineOfAListIsOneLineAndLeadsBack() {
        assertEquals("a\\nb\\\\n\\rü", PathText.line(PathText.path("a\nb\\n\rü")));
    }

    @Test
    void peopleSeeOneLineThatEveryTerminalWrites() {
        assertEquals(
                "a\\nb \\udcfc \\u001b[31m ü \\u2028 \\ ?",
                PathText.shown(PathText.path("a\nb \udcfc \u001b[31m ü \u2028 \\ ?")));
    }

    @Test
    void nameOfAFolderIsThatOfWhereItLeads(@TempDir Path folder) throws IOException {
        Path inner = Files.createDirectories(folder.resolve("ab").resolve("b"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), inner);
        assertEquals("b", PathText.name(inner));
        assertEquals("b", PathText.name(inner.resolve(".")));
        assertEquals("ab", PathText.name(inner.resolve("..")));
        assertEquals("ab", PathText.name(link.resolve("..")));
        assertEquals("link", PathText.name(link));
        assertEquals(PathText.name(Path.of("").toAbsolutePath()), PathText.name(Path.of("")));
        assertEquals("/", PathText.name(Path.of("/")));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void filesAreMadeListedAndReopenedWhateverTheirNames(@TempDir Path folder) throws IOException {
        var random = new Random(1);
        var names = new TreeSet<String>();
        while (names.size() < 200) {
            byte[] name = new byte[1 + random.nextInt(names.size() < 10 ? 255 : 20)];
            random.nextBytes(name);
            for (int i = 0; i < name.length; i++) {
                name[i] = name[i] == 0 || name[i] == '/' ? (byte) 'x' : name[i];
            }
            names.add(PathText.decoded(name));
        }
        names.remove(".");
        names.remove("..");
        for (String name : names) {
            Files.write(folder.resolve(PathText.path(name)), PathText.encoded(name));
        }
        try (var entries = Files.list(folder)) {
            assertEquals(names, entries.map(p -> PathText.text(p.getFileName())).collect(Collectors.toSet()));
        }
        for (String name : names) {
            assertArrayEquals(PathText.encoded(name), Files.readAllBytes(folder.resolve(PathText.path(name))));
        }
    }

    /// A JVM of its own, as the locale that names are decoded by is that of the process.
    @Test
    @EnabledOnOs(OS.LINUX)
    void localeDoesNotMatter(@TempDir Path folder) throws Exception {
        for (String name : NAMES) {
            if (!name.startsWith("/") && !name.startsWith("..")) {
                Path file = folder.resolve(PathText.path(name)).resolve("file");
                Files.createDirectories(file.getParent());
                Files.write(file, PathText.encoded(name));
            }
        }
        var java = ProcessHandle.current().info().command().orElseThrow();
        var program = new ProcessBuilder(
                java, "-cp", System.getProperty("java.class.path"), NamesBelow.class.getName(), folder.toString());
        program.environment().keySet().removeIf(key -> key.startsWith("LC_") || key.equals("LANG"));
        program.environment().put("LC_ALL", "C");
        program.redirectErrorStream(true);
        Process process = program.start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals("ANSI_X3.4-1968 " + (NAMES.size() - 2) + " names\n", told);
    }

    /// Reads the files of the test above: each holds the text of its folder's path.
    static final class NamesBelow {
        private NamesBelow() {}

        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            int right = 0;
            try (var files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String text = PathText.decoded(Files.readAllBytes(file));
                    Path written = folder.resolve(PathText.path(text)).normalize();
                    boolean same = Files.isSameFile(written, file.getParent())
                            && PathText.path(text).normalize().equals(folder.relativize(file.getParent()));
                    right += same ? 1 : 0;
                }
            }
            System.out.println(System.getProperty("sun.jnu.encoding") + " " + right + " names");
        }
    }
}
