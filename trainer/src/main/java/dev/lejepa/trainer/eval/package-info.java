/// How good a frozen representation is, measured without training it further. [Features] (one row per image) is what
/// everything here takes.
///
/// - [LogisticRegression]: converged multinomial regression, scikit-learn's objective; the yardstick for published
///   comparisons.
/// - [LinearProbe]: AdamW with a grid of learning rates chosen on a held-out part; the probe of fixed budget.
/// - [NearestNeighbors]: majority vote.
/// - [Health]: rank, spread and shape of an embedding, without labels; [Spectrum] and [Spread] are parts of it.
/// - [LogitScores]: top-1 accuracy and cross-entropy of logits that come in batches.
///
/// Every result is a function of its inputs alone: the number of threads changes the time, not a bit of the outcome.
@NullMarked
package dev.lejepa.trainer.eval;

import org.jspecify.annotations.NullMarked;
