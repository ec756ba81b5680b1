package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OneLine;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The lines of a list, without those that are empty.
///
/// @param file where they stand
record TextList(Path file, List<Line> lines) {
    private static final int SHOWN = 80;

    /// A line without white space around it.
    ///
    /// @param number counted from 1 over all lines of the file
    record Line(int number, String text) {}

    /// @throws BadInputException if there is no such file, or nothing in it
    static TextList read(Path file) {
        var lines = new ArrayList<Line>();
        int number = 0;
        for (String line : PathText.decoded(SmallFile.bytes(file)).split("\n", -1)) {
            number++;
            String text = line.strip();
            if (!text.isEmpty()) {
                lines.add(new Line(number, text));
            }
        }
        if (lines.isEmpty()) {
            throw new BadInputException(Text.format("%s: is empty", file));
        }
        return new TextList(file, List.copyOf(lines));
    }

    /// The texts of all lines.
    List<String> texts() {
        return lines.stream().map(Line::text).toList();
    }

    /// A whole number out of a line.
    ///
    /// @param word the part of the line that it stands in
    /// @throws BadInputException if it is none from 1 to `most`
    int number(Line line, String word, int most, String what) {
        try {
            int number = Integer.parseInt(word);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw bad(line, Text.format("%s from 1 to %d, not '%s'", what, most, OneLine.of(word)));
    }

    /// A path out of a line.
    ///
    /// @throws BadInputException if no file can have this name
    Path path(Line line, String text) {
        try {
            return PathText.path(text);
        } catch (InvalidPathException e) {
            throw bad(line, "the name of an image");
        }
    }

    /// Refuses a line.
    ///
    /// @param expected what it should hold
    BadInputException bad(Line line, String expected) {
        String shown = OneLine.of(line.text());
        return new BadInputException(Text.format(
                "%s: line %d is '%s', expected %s",
                file, line.number(), shown.length() > SHOWN ? shown.substring(0, SHOWN) + "..." : shown, expected));
    }
}
