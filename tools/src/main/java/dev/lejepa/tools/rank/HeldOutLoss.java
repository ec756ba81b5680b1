package dev.lejepa.tools.rank;

/// The LeJEPA loss of a run on held-out images, and its two parts; means over batches.
///
/// @param loss by the run's own dialect and lambda
/// @param sigreg the regularizer's statistic, not weighted
public record HeldOutLoss(double loss, double invariance, double sigreg) {
    /// The loss made comparable among runs of different lambda: `loss / lambda^alpha`. Lower is better.
    ///
    /// The least loss that a run can reach depends on lambda itself, so runs of different lambda cannot be compared by
    /// it. The authors report that dividing the training loss by a power of lambda, with `alpha` about 0.4, raises its
    /// rank correlation with a supervised probe's accuracy from about 94 % to almost 99 % (arXiv:2511.08544, on the
    /// training loss as an indicator of downstream performance; quoted at second hand). What differs here: the loss is
    /// of held-out images, in evaluation mode.
    ///
    /// @return infinite if the loss is no number
    public double score(double lambda, double alpha) {
        var score = alpha == 0 ? loss : loss / Math.pow(lambda, alpha);
        return Double.isFinite(score) ? score : Double.POSITIVE_INFINITY;
    }
}
