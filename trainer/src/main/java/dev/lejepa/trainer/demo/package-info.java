/// The image set of the demonstration: ten classes of patterns, painted from a seed, so that a first run needs no
/// download.
///
/// What makes the class is the [motif][dev.lejepa.trainer.demo.Motif] that fills the image. Everything else is
/// [nuisance][dev.lejepa.trainer.demo.Nuisance] and says nothing of it: colors, which of figure and ground is lighter,
/// position, angle, size, background, shadows, grain. So a classifier of raw pixels does hardly better than chance,
/// while crops of one image agree on the motif and on little else. Held-out images come from other ranges of colors and
/// backgrounds.
@NullMarked
package dev.lejepa.trainer.demo;

import org.jspecify.annotations.NullMarked;
