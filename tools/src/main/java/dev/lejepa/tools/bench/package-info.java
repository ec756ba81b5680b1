/// Measures: [dev.lejepa.tools.bench.StepBench] times training steps on random images,
/// [dev.lejepa.tools.bench.DataBench] the way from an image file to the views of a batch,
/// [dev.lejepa.tools.bench.LossBench] regularizers with their gradients at one [dev.lejepa.tools.bench.LossSize] or
/// more.
@NullMarked
package dev.lejepa.tools.bench;

import org.jspecify.annotations.NullMarked;
