package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.PathText;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {
    @Test
    void bytesOfTheCommandLineReplaceWhatTheLocaleLost() {
        var line = PathText.encoded("java\0-cp\0a.jar\0Main\0embed\0--out\0Straße\udcfc\n.npy\0\0");
        assertEquals(
                List.of("embed", "--out", "Straße\udcfc\n.npy", ""),
                RawArguments.of(List.of("embed", "--out", "Stra??e?\n.npy", ""), line));
        assertEquals(
                List.of("embed", "--out", "Straße\udcfc\n.npy", ""),
                RawArguments.of(List.of("embed", "--out", "Stra\ufffd\ufffde\ufffd\n.npy", ""), line));
    }

    @Test
    void commandLineOfAnotherProgramIsNotTaken() {
        var line = PathText.encoded("java\0Other\0x\0yü\0");
        assertEquals(List.of("embed", "yü"), RawArguments.of(List.of("embed", "yü"), line));
        assertEquals(List.of("x", "zü"), RawArguments.of(List.of("x", "zü"), line));
        assertEquals(List.of("1", "2", "3", "4", "5"), RawArguments.of(List.of("1", "2", "3", "4", "5"), line));
    }
}
