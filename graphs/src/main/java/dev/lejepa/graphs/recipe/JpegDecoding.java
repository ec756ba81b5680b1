package dev.lejepa.graphs.recipe;

/// How JPEG files are decoded.
public enum JpegDecoding implements Choice {
    /// Full size, then resized: the pixels that PIL gives.
    EXACT,
    /// At a reduced size where the crop allows it: faster, other pixels.
    SCALED
}
