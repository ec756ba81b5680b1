package dev.lejepa.tools.demo;

import dev.lejepa.trainer.eval.Features;

/// The same images as three linear classifiers get to see them, row by row.
///
/// @param labels classes of the images
/// @param pixels the prepared images themselves, as the encoders get them
/// @param untrained features of the encoder with its initial parameters
/// @param trained features of the encoder after the run
record ProbeRows(int[] labels, Features pixels, Features untrained, Features trained) {}
