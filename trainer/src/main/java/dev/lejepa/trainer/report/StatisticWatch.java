package dev.lejepa.trainer.report;

import dev.lejepa.graphs.Text;
import java.util.Optional;

/// Follows the regulariser's statistic, averaged over windows of steps, and says when it is far from what normal rows
/// give, or does not come down.
final class StatisticWatch {
    /// Of the statistic of rows that are all zero: from here on rows are nearly that.
    private static final double COLLAPSED_FRACTION = 0.5;

    private final TroubleWatch.Limits limits;
    private final Optional<SigregLevels> levels;
    private double sum;
    private int count;
    private double firstMean = Double.NaN;
    private Optional<String> trouble = Optional.empty();

    StatisticWatch(TroubleWatch.Limits limits, Optional<SigregLevels> levels) {
        this.limits = limits;
        this.levels = levels;
    }

    /// Takes a step's value; tells what is wrong at the end of each window and until the end of the next one.
    Optional<String> add(long step, double value) {
        if (levels.isEmpty()) {
            return Optional.empty();
        }
        sum += value;
        count++;
        if (count == limits.window()) {
            double mean = sum / count;
            trouble = step < limits.grace() ? Optional.empty() : trouble(mean, levels.get());
            firstMean = Double.isNaN(firstMean) ? mean : firstMean;
            sum = 0;
            count = 0;
        }
        return trouble;
    }

    private Optional<String> trouble(double mean, SigregLevels expected) {
        if (mean <= limits.statisticFactor() * expected.perfect()) {
            return Optional.empty();
        }
        if (mean >= COLLAPSED_FRACTION * expected.collapsed()) {
            return Optional.of(Text.format(
                    "SIGReg is %.2f over the last %d steps; normal projections give %.2f, equal ones %.2f or more:"
                            + " the projections are collapsing or running away; a larger lambda or a smaller lr may help",
                    mean, limits.window(), expected.perfect(), expected.collapsed()));
        }
        if (mean >= firstMean) {
            return Optional.of(Text.format(
                    "SIGReg does not come down: %.2f over the last %d steps, %.2f at the start; normal projections give"
                            + " %.2f; a larger lambda may help",
                    mean, limits.window(), firstMean, expected.perfect()));
        }
        return Optional.empty();
    }
}
