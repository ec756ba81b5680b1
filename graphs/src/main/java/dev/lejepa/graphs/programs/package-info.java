/// From a recipe to the bundle: the stages of a step, the states that they share, the manifest that tells a stranger
/// how to train with them, and the initial parameters.
@NullMarked
package dev.lejepa.graphs.programs;

import org.jspecify.annotations.NullMarked;
