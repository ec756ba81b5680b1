package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.OptionalInt;

/// Where an encoder's tokens lie on a square image: some that stand for no place, then the patches or places row by
/// row.
///
/// @param prefix tokens before those of the image: class token and registers
/// @param side patches per side
public record TokenGrid(int prefix, int side) {
    /// The grid of so many tokens.
    ///
    /// @param prefix as the encoder says; where it does not, what is left of the largest square
    /// @throws BadInputException if the rest is no square
    public static TokenGrid of(int tokens, OptionalInt prefix) {
        var side = (int) Math.sqrt(tokens - prefix.orElse(0));
        var first = prefix.orElse(tokens - side * side);
        if (side < 1 || first + side * side != tokens) {
            throw new BadInputException(Text.format(
                    "the encoder has %d tokens of an image, %d of them before its patches; the rest is no square",
                    tokens, first));
        }
        return new TokenGrid(first, side);
    }

    /// Patches of an image.
    public int patches() {
        return side * side;
    }

    public int tokens() {
        return prefix + patches();
    }

    /// Whether a patch touches the image's edge.
    boolean onBorder(int patch) {
        var row = patch / side;
        var column = patch % side;
        return Math.min(row, column) == 0 || Math.max(row, column) == side - 1;
    }
}
