package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.Preparation;
import dev.lejepa.trainer.image.Interpolation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;

/// Options of commands that show images to an encoder, which need not be one of ours.
final class EncoderFlags {
    private static final int COLORS = 3;

    private EncoderFlags() {}

    static List<Option> all() {
        return Flags.with(preparation(), output());
    }

    static Option output() {
        return Flags.value("output", "NAME", "the encoder's output to take (default: its first)");
    }

    /// How images are prepared.
    static List<Option> preparation() {
        return List.of(
                Flags.value("size", "PX", "side of the images that the encoder takes (default: as its file says)"),
                Flags.value(
                        "resize",
                        "PX",
                        "the shorter side before the central square is cut (default: as its file says)"),
                Flags.value(
                        "interpolation",
                        String.join("|", Interpolation.words()),
                        "how images are resized (default: as its file says, else bilinear)"),
                Flags.value("mean", "R,G,B", "taken off each color, of levels from 0 to 1 (default: as its file says)"),
                Flags.value("std", "R,G,B", "each color is divided by (default: as its file says)"));
    }

    /// What is said of how to prepare images.
    static Preparation.Given given(Call call) {
        return new Preparation.Given(
                call.whole("size", 1),
                call.whole("resize", 1),
                call.word("interpolation", Interpolation.words()).flatMap(Interpolation::of),
                colors(call, "mean"),
                colors(call, "std"));
    }

    /// `--output`, or the first.
    static String output(Call call, Encoder encoder) {
        var name =
                call.text("output").orElseGet(() -> encoder.outputs().getFirst().name());
        encoder.width(name);
        return name;
    }

    private static Optional<List<Double>> colors(Call call, String name) {
        return call.text(name).map(text -> {
            try {
                var values =
                        Arrays.stream(text.split(",", -1)).map(Double::valueOf).toList();
                if (values.size() == COLORS && values.stream().allMatch(Double::isFinite)) {
                    return values;
                }
            } catch (NumberFormatException e) {
                // told below, as another number of numbers is
            }
            throw new BadInputException(
                    Text.format("--%s %s: must be three numbers, such as 0.485,0.456,0.406", name, text));
        });
    }
}
