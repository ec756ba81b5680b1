package dev.lejepa.trainer.schedule;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;

/// A learning rate that rises linearly from `base * warmupStart` to `base` over the warm-up, then falls along half a
/// cosine to `base * finalFraction` at the last step. All of it in double precision; the engine gets the rounded value.
///
/// @param base the rate at the end of the warm-up
/// @param warmupSteps steps of the warm-up; 0: none. May exceed `totalSteps` (a run that ends inside its warm-up)
/// @param totalSteps steps of all epochs, the warm-up's included
/// @param warmupStart the first step's rate as a fraction of `base`
/// @param finalFraction the rate after the last step as a fraction of `base`; above 1 the rate rises
public record WarmupCosine(double base, long warmupSteps, long totalSteps, double warmupStart, double finalFraction) {

    public WarmupCosine {
        requireRate("lr", base);
        requireRate("warmup_start", warmupStart);
        requireRate("final_lr", finalFraction);
        if (warmupSteps < 0 || totalSteps < 1) {
            throw new BadInputException(Text.format(
                    "learning rate schedule: found %d warm-up steps of %d; expected 0 or more of at least 1",
                    warmupSteps, totalSteps));
        }
    }

    /// A rate that stays the same in every step.
    public static WarmupCosine constant(double base) {
        return new WarmupCosine(base, 0, 1, 1, 1);
    }

    /// The rate of a step.
    ///
    /// @param step counted from 0; from `totalSteps` on the rate stays at its final value
    public double at(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("steps count from 0, asked for " + step);
        }
        if (step < warmupSteps) {
            return base * (warmupStart + (1 - warmupStart) * step / warmupSteps);
        }
        if (step >= totalSteps) {
            return base * finalFraction;
        }
        double progress = (double) (step - warmupSteps) / (totalSteps - warmupSteps);
        return base * (finalFraction + (1 - finalFraction) * (1 + Math.cos(Math.PI * progress)) / 2);
    }

    private static void requireRate(String key, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new BadInputException(
                    Text.format("%s: found %s, expected a finite number of at least 0", key, value));
        }
    }
}
