package dev.lejepa.tools.cli;

import dev.lejepa.graphs.PathText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The arguments of the program as they were typed. The JVM decodes them by the locale, which loses what that does not
/// know; where the system shows the bytes of its command line, they are read again and become texts as those of
/// [PathText] do.
final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private RawArguments() {}

    /// @param given as the JVM decoded them
    static List<String> of(String[] given) {
        try {
            return of(List.of(given), Files.readAllBytes(COMMAND_LINE));
        } catch (IOException e) {
            return List.of(given); // no such system
        }
    }

    /// @param commandLine of the process, a NUL behind every word; the program's arguments are the last words
    static List<String> of(List<String> given, byte[] commandLine) {
        List<byte[]> words = words(commandLine);
        int before = words.size() - given.size();
        if (before < 0) {
            return given;
        }
        List<String> typed = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            byte[] word = words.get(before + i);
            if (!isOf(word, given.get(i))) {
                return given; // somebody else's command line: the program runs inside another
            }
            typed.add(PathText.decoded(word));
        }
        return typed;
    }

    private static List<byte[]> words(byte[] commandLine) {
        List<byte[]> words = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                words.add(Arrays.copyOfRange(commandLine, from, i));
                from = i + 1;
            }
        }
        return words;
    }

    /// Up to the first byte outside ASCII, every locale decodes alike.
    private static boolean isOf(byte[] word, String given) {
        int ascii = 0;
        while (ascii < word.length && word[ascii] >= 0) {
            ascii++;
        }
        String begin = new String(word, 0, ascii, StandardCharsets.US_ASCII);
        return ascii == word.length ? begin.equals(given) : given.startsWith(begin);
    }
}
