package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.image.EvalTransform;
import dev.lejepa.trainer.image.Interpolation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// How an encoder wants its images: the shorter side resized, the central square, of each color the mean taken off and
/// the result divided by the standard deviation, levels being 0 to 1.
///
/// @param size side of the square in pixels
/// @param resize what the shorter side becomes before, at least `size`
/// @param mean of red, green and blue, in [0, 1]
/// @param std of red, green and blue
public record Preparation(int size, int resize, Interpolation interpolation, List<Double> mean, List<Double> std) {
    public Preparation {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
    }

    /// What a person says of it; what is not said is as the encoder's file has it.
    public record Given(
            OptionalInt size,
            OptionalInt resize,
            Optional<Interpolation> interpolation,
            Optional<List<Double>> mean,
            Optional<List<Double>> std) {
        /// Nothing said.
        public static Given none() {
            return new Given(
                    OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /// The one view of an image: bytes, not yet normalized.
    public ViewGroup view() {
        return new ViewGroup("images", 1, size, () -> {
            var transform = new EvalTransform(resize, size, interpolation);
            return (image, draws, to) -> transform.write(image, to, 0);
        });
    }

    /// All of it in one line, which two preparations share only if they are equal.
    public String line() {
        return Text.format("%d pixels of %d, %s, mean %s, std %s", size, resize, interpolation.word(), mean, std);
    }
}
