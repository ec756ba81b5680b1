package dev.lejepa.tools.eval;

import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.Features;

/// What an encoder makes of a set of images.
///
/// @param probed features for linear probes: the last layers joined where the encoder has them
/// @param mirrored the same of the mirrored images; `probed` itself where they were not asked for
/// @param pooled features for nearest neighbors and health
/// @param labels of the images, a row each
public record Judged(Features probed, Features mirrored, Features pooled, int[] labels) {
    /// Which outputs of an encoder are judged.
    ///
    /// @param probed for linear probes
    /// @param pooled for all else
    public record Outputs(String probed, String pooled) {
        /// The layers where there are some, else the first output.
        public static Outputs of(Encoder encoder) {
            var first = encoder.outputs().getFirst().name();
            return new Outputs(encoder.has(Encoder.LAYERS) ? Encoder.LAYERS : first, first);
        }
    }

    /// Some of the rows.
    Judged take(int[] rows) {
        var taken = probed.take(rows);
        var own = new int[rows.length];
        for (var i = 0; i < rows.length; i++) {
            own[i] = labels[rows[i]];
        }
        return new Judged(
                taken,
                mirrored == probed ? taken : mirrored.take(rows),
                pooled == probed ? taken : pooled.take(rows),
                own);
    }
}
