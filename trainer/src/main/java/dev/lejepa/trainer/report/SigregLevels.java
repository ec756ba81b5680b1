package dev.lejepa.trainer.report;

import dev.lejepa.graphs.losses.EppsPulley;
import dev.lejepa.graphs.recipe.Dialect;
import dev.lejepa.graphs.recipe.LossSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Regularizer;
import java.util.Optional;

/// What SIGReg comes to where projections are as it wants them, and where they have collapsed.
///
/// @param perfect its mean for standard normal projections
/// @param collapsed its value where all projections are 0; equal ones elsewhere have more
public record SigregLevels(double perfect, double collapsed) {

    /// Those of a recipe; nothing where its regularizer is not the Epps-Pulley test in its usual form, of which alone
    /// they are known.
    public static Optional<SigregLevels> of(Recipe recipe) {
        LossSpec loss = recipe.loss();
        if (loss.regularizer() != Regularizer.EPPS_PULLEY || !loss.test().isEmpty()) {
            return Optional.empty();
        }
        EppsPulley test = new EppsPulley(loss.knots(), loss.tMax());
        int rows = recipe.data().batch()
                * (loss.dialect() == Dialect.POOLED ? recipe.views().count() : 1);
        return Optional.of(new SigregLevels(test.ofNormalSamples(), test.ofZeros() * rows));
    }
}
