package dev.lejepa.tools.pictures;

import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.image.RgbImage;
import java.util.OptionalInt;

/// How tokens and squares of an encoder are shown.
final class Viewing {
    private static final int LEAST_SIDE = 224;

    private Viewing() {}

    /// Pixels per side that a square is shown with: its own, or a multiple where it is small.
    static int side(RgbImage square) {
        return square.width() * Math.ceilDiv(LEAST_SIDE, square.width());
    }

    /// The places of an encoder's tokens, as its file says, else as their number does.
    static TokenGrid grid(Encoder encoder, int tokens) {
        var prefix = encoder.metadata("prefix_tokens").filter(text -> text.matches("\\d{1,4}"));
        return TokenGrid.of(
                tokens, prefix.isPresent() ? OptionalInt.of(Integer.parseInt(prefix.get())) : OptionalInt.empty());
    }

    /// Whether the first token is a class token: as the file says, else wherever tokens come before the patches.
    static boolean classToken(Encoder encoder, TokenGrid grid) {
        return encoder.metadata("class_token").map(Boolean::parseBoolean).orElse(grid.prefix() > 0);
    }
}
