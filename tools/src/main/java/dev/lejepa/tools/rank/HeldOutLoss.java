package dev.lejepa.tools.rank;

/// The LeJEPA loss of a run on held-out images, and its two parts; means over batches.
///
/// @param loss by the run's own dialect and lambda
/// @param sigreg the regularizer's statistic, not weighted
public record HeldOutLoss(double loss, double invariance, double sigreg) {
    /// The loss made comparable among runs of different lambda: `loss / lambda^alpha`. Lower is better.
    ///
    /// The minimum of the loss depends on lambda itself, so that runs cannot be compared by it. The authors found
    /// `train loss / lambda^alpha` with `alpha` about 0.4 to follow the accuracy of a supervised probe more closely than
    /// the loss itself, `alpha = 0` (arXiv:2511.08544, on the training loss as an indicator of downstream performance).
    /// Theirs is the training loss; ours is the same on held-out images.
    ///
    /// @return infinite if the loss is no number
    public double score(double lambda, double alpha) {
        var score = alpha == 0 ? loss : loss / Math.pow(lambda, alpha);
        return Double.isFinite(score) ? score : Double.POSITIVE_INFINITY;
    }
}
