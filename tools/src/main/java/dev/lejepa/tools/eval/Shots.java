package dev.lejepa.tools.eval;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/// How many labeled images of each class a probe learns from.
///
/// @param perClass empty for all
public record Shots(OptionalInt perClass) {
    private static final String ALL = "all";

    /// As people write it: `1`, `10`, `all`.
    public String word() {
        return perClass.isPresent() ? Integer.toString(perClass.getAsInt()) : ALL;
    }

    /// Reads `1,10,all`.
    ///
    /// @throws BadInputException if it is no such list
    public static List<Shots> parse(String text) {
        return Arrays.stream(text.split(",", -1)).map(Shots::one).distinct().toList();
    }

    private static Shots one(String word) {
        if (word.equals(ALL)) {
            return new Shots(OptionalInt.empty());
        }
        try {
            var number = Integer.parseInt(word);
            if (number > 0) {
                return new Shots(OptionalInt.of(number));
            }
        } catch (NumberFormatException e) {
            // told below, as a number that is not positive is
        }
        throw new BadInputException(
                Text.format("--shots %s: must be numbers of images or 'all', such as 1,10,all", word));
    }
}
