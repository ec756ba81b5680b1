package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.models.Features;
import dev.lejepa.graphs.nn.Scope;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What an encoder tells of a backbone beside features and tokens, where it is asked for.
final class EncoderOutputs {
    private EncoderOutputs() {}

    /// The summaries of the last blocks side by side, the last block's last.
    ///
    /// @return `[N, count width]`
    /// @throws BadInputException if not so many blocks can be told of
    static Value layers(Backbone backbone, Scope s, Value images, int count) {
        var blocks = backbone.blocks().size();
        if (count > blocks) {
            throw new BadInputException(
                    Text.format("layers %d: the %s has %d blocks", count, backbone.family(), blocks));
        }
        var chosen = IntStream.range(blocks - count, blocks).boxed().collect(Collectors.toSet());
        var taken = backbone.intermediates(s, images, chosen);
        var wide = asWideAsTheLast(taken);
        if (wide < count) {
            throw new BadInputException(Text.format(
                    "layers %d: of the last blocks of this %s only %d have the width that its end is made for",
                    count, backbone.family(), wide));
        }
        var rows = taken.stream().map(block -> backbone.summary(s, block)).toList();
        return s.within("layers", () -> Value.concat(1, rows));
    }

    private static int asWideAsTheLast(List<Features> blocks) {
        var width = blocks.getLast().tokens().dim(-1);
        return (int) blocks.reversed().stream()
                .takeWhile(block -> block.tokens().dim(-1) == width)
                .count();
    }

    /// The last block's attention, `[N, heads, T, T]`.
    ///
    /// @throws BadInputException if the family has none
    static Value attention(Backbone backbone, Scope s, Value images) {
        return backbone.attention(s, images)
                .orElseThrow(() -> new BadInputException(Text.format(
                        "attention: a %s has no attention among all tokens of an image", backbone.family())));
    }
}
