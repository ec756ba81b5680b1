/// How good a frozen representation is, measured without training it further.
///
/// - [Encoder] and [FeatureReader]: any encoder's file, and what it makes of images, prepared as its [Preparation] says.
/// - [Features]: one row for each image; what everything below takes.
/// - [LinearProbe]: the published probe, its learning rate chosen among many that are trained side by side. Its graphs
///   are the compiler's ([ProbeHeads]), in coordinates where they converge soon ([ProbeSpace]).
/// - [ProbeSplit]: which rows train and which choose.
/// - [NearestNeighbors]: the vote of the nearest rows.
/// - [ClassScores]: what a classifier got right, class by class.
/// - [Health]: rank, spread and shape of an embedding, without labels; [Spectrum] and [Spread] are parts of it.
/// - [PrincipalAxes]: the directions in which rows differ most, for pictures.
///
/// Every result is a function of its inputs alone: the number of threads changes the time, not a bit of the outcome.
@NullMarked
package dev.lejepa.trainer.eval;

import org.jspecify.annotations.NullMarked;
