package dev.lejepa.graphs.programs;

import java.util.OptionalInt;

/// What an encoder for inference is to have beside the features and tokens of images of its own size.
///
/// @param size pixels per side of its images; empty for the model's own
/// @param layers how many of the last blocks the output `layers` tells of; 0 for no such output
/// @param attention whether the last block's attention is an output
public record EncoderRequest(OptionalInt size, int layers, boolean attention) {
    /// Nothing beside them.
    public static EncoderRequest plain() {
        return new EncoderRequest(OptionalInt.empty(), 0, false);
    }

    public EncoderRequest withSize(int pixels) {
        return new EncoderRequest(OptionalInt.of(pixels), layers, attention);
    }

    public EncoderRequest withLayers(int blocks) {
        return new EncoderRequest(size, blocks, attention);
    }

    public EncoderRequest withAttention() {
        return new EncoderRequest(size, layers, true);
    }

    /// Whether the encoder is the one that a bundle has.
    public boolean isPlain() {
        return equals(plain());
    }
}
