package dev.lejepa.graphs.models;

import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.FanOut;
import dev.lejepa.graphs.nn.SqueezeExcite;
import dev.lejepa.graphs.nn.SqueezeExcite.Biases;
import java.util.Optional;

/// Squeeze-and-excitation in mobile blocks.
///
/// @param gate behind the second convolution
/// @param act between the two; the block's where there is none
/// @param rounding of the channels between them
/// @param ofExpanded whether these are a part of the expanded channels, rather than of those that a block reads
public record Gates(Act gate, Optional<Act> act, Rounding rounding, boolean ofExpanded) {
    /// EfficientNet's.
    static final Gates EFFICIENT_NET = new Gates(Act.SIGMOID, Optional.empty(), Rounding.NEAREST, false);

    /// MobileNetV3's.
    static final Gates MOBILE_NET = new Gates(Act.HARD_SIGMOID, Optional.of(Act.RELU), Rounding.EIGHTS, true);

    /// How a number of channels becomes whole.
    public enum Rounding {
        /// The nearest number, the even one of two.
        NEAREST,
        /// The nearest multiple of 8 that takes less than a tenth.
        EIGHTS,
        /// The nearest multiple of 8 that takes less than a twentieth.
        NEAR_EIGHTS
    }

    /// @param ratio as a block's definition has it
    /// @param expansion of the block
    SqueezeExcite layer(int channels, double ratio, double expansion, Act blockAct) {
        var part = channels * (ofExpanded ? ratio : ratio / expansion);
        var reduced = switch (rounding) {
            case NEAREST -> (int) Math.rint(part);
            case EIGHTS -> Channels.round(part);
            case NEAR_EIGHTS -> Channels.round(part, 8, 8, 0.95);
        };
        return new SqueezeExcite(
                channels, reduced, "conv_reduce", "conv_expand", act.orElse(blockAct), gate, FanOut.GROUP, Biases.ZERO);
    }
}
