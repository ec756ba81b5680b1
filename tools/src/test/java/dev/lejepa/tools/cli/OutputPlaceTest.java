package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.npy.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputPlaceTest {
    @TempDir
    Path folder;

    @BeforeEach
    void things() throws IOException {
        Files.createDirectory(at("folder"));
        Files.writeString(at("file"), "mine");
        Files.createSymbolicLink(at("nowhere"), Path.of("gone"));
        Files.createSymbolicLink(at("circle"), Path.of("circle"));
    }

    private Path at(String name) {
        return folder.resolve(name);
    }

    /// What is read does not exist, and is not told: places for results come first.
    private Told told(String command, String option, String name) {
        var words = Stream.of(command.split(" "))
                .map(w -> w.startsWith("@") ? at(w.substring(1)).toString() : w);
        return Told.by(
                Stream.concat(words, Stream.of(option, at(name).toString())).toList());
    }

    private void assertRefused(Told told, String option, String name, String why) throws IOException {
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.err());
        assertEquals("lejepa: %s %s: %s%n".formatted(option, at(name), why.replace("@", folder + "/")), told.err());
        assertEquals("mine", Files.readString(at("file")));
        try (var left = Files.list(folder)) {
            assertEquals(4, left.count(), "nothing is made");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "embed --encoder @none --data @none",
                "export --bundle @none",
                "stat --test watson --embeddings @none"
            })
    void filesAreRefusedFirstWhereNoneCanBeWritten(String command) throws IOException {
        var option = command.startsWith("stat") ? "--grad" : "--out";
        assertRefused(told(command, option, "folder"), option, "folder", "is a folder, expected the name of a file");
        assertRefused(told(command, option, "no/x"), option, "no/x", "its folder @no does not exist");
        assertRefused(told(command, option, "file/x"), option, "file/x", "@file is no folder");
        assertRefused(told(command, option, "circle"), option, "circle", "its links lead in a circle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train --config @none", "demo", "record --config @none", "emit --config @none"})
    void foldersAreRefusedFirstWhereNoneCanBeMade(String command) throws IOException {
        assertRefused(told(command, "--out", "file"), "--out", "file", "is a file, must be a folder");
        assertRefused(told(command, "--out", "file/a/b"), "--out", "file/a/b", "@file is no folder");
        assertRefused(
                told(command, "--out", "nowhere"), "--out", "nowhere", "@nowhere is a link to what does not exist");
        var long300 = "x".repeat(300);
        assertTrue(told(command, "--out", long300 + "/a").err().contains("/a: "), "its reason is the system's");
    }

    @Test
    void entriesOfAnyNameLeaveAFolderWritable() throws IOException {
        Files.createDirectories(at("folder/probe"));
        var told = told("emit --config @none", "--out", "folder/probe/x");
        assertTrue(told.err().contains("no such recipe"), told.err());
        told = told("emit --config @none", "--out", "folder/y");
        assertTrue(told.err().contains("no such recipe"), told.err());
    }

    @ParameterizedTest
    @CsvSource({"bench loss", "bench step --model x --image 8 --patch 8 --images 1 --views 1"})
    void beginningsOfNamesAreLookedAtToo(String command) throws IOException {
        assertRefused(
                told(command, "--profile", "folder"),
                "--profile",
                "folder",
                "is a folder, expected the beginning of a file's name");
    }

    @Test
    void whatIsReadIsNotWritten() throws IOException {
        NpyFile.write(at("x.npy"), new float[] {1, 2, 3, 4}, 4, 1);
        Files.createLink(at("same.npy"), at("x.npy"));
        for (var name : List.of("x.npy", "same.npy")) {
            var told = told("stat --test watson --embeddings @x.npy", "--grad", name);
            assertEquals(ExitCode.BAD_INPUT, told.code());
            assertTrue(told.err().contains("is %s, which is read".formatted(at("x.npy"))), told.err());
        }
    }
}
