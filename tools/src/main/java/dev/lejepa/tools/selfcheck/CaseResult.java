package dev.lejepa.tools.selfcheck;

import java.util.List;

/// What became of one case, over all executors that it ran on.
///
/// @param family the two digits that its folder's name begins with
/// @param compared tensors, scalars and facts, on all executors together
/// @param ignored left out by a rule
/// @param worst what came closest to its tolerance
/// @param reasons why it failed or was skipped; what else is worth telling if it passed
public record CaseResult(
        String name, String family, Status status, int compared, int ignored, Worst worst, List<String> reasons) {
    /// What can become of a case.
    public enum Status {
        PASSED,
        FAILED,
        /// Its kind is not built.
        SKIPPED
    }

    /// The comparison that came closest to its tolerance, or went furthest beyond it.
    ///
    /// @param name of the tensor or scalar; empty if nothing was compared
    /// @param error relative, or in whatever unit the tolerance has
    public record Worst(String name, double error, double tolerance) {
        /// Nothing was compared, or all agreed to the last bit.
        public static final Worst NONE = new Worst("", 0, 1);

        /// How much of the tolerance is used; above 1 it is exceeded.
        public double ratio() {
            return error == 0 ? 0 : error / tolerance;
        }

        /// The one that uses more of its tolerance. A ratio that is no number is worse than any.
        Worst or(Worst other) {
            return Double.isNaN(ratio()) || other.ratio() <= ratio() ? this : other;
        }
    }
}
