/// The choice among finished runs without labels: a [FinishedRun] is scored by its [HeldOutLoss] on [HeldOutImages], a
/// [Ranking] puts the runs in order, and [Spearman] tells how well that order agrees with a probe's where there are
/// labels.
@NullMarked
package dev.lejepa.tools.rank;

import org.jspecify.annotations.NullMarked;
