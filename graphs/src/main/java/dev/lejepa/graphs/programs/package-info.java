/// From a recipe, or a network of one's own, to the bundle: the stages of a step, the states that they share, the
/// manifest that tells a stranger how to train with them, and the initial parameters.
///
/// [BundleBuilder] compiles both to a [Bundle], which [BundleWriter] writes. A network of one's own comes as a
/// [TrainGraph], made from its loss, with a [TrainedGroup] for each way in which its parameters are trained.
@NullMarked
package dev.lejepa.graphs.programs;

import org.jspecify.annotations.NullMarked;
