package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.losses.LeJepaLoss;
import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.losses.TestParameters;
import dev.lejepa.graphs.recipe.Dialect;
import dev.lejepa.graphs.recipe.LossSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Regularizer;
import java.util.LinkedHashMap;

/// The objective of a recipe.
public final class LossFactory {
    private LossFactory() {}

    /// @throws BadInputException if the regularizer does not exist as asked for, or a step has too few samples for it
    public static LeJepaLoss loss(Recipe recipe) {
        var spec = recipe.loss();
        var test = TestCatalog.multivariate(spec.regularizer(), parameters(spec));
        var samples = recipe.data().batch()
                * (spec.dialect() == Dialect.POOLED ? recipe.views().count() : 1);
        if (samples < test.leastSamples()) {
            throw new BadInputException(Text.format(
                    "data.batch: %s needs at least %d samples, and a step has %d",
                    test.name(), test.leastSamples(), samples));
        }
        return new LeJepaLoss(dialect(spec.dialect()), recipe.views().global().count(), spec.lambda(), test);
    }

    /// `loss.test`, over what the loss itself says of slices and knots.
    private static TestParameters parameters(LossSpec spec) {
        var all = new LinkedHashMap<String, String>();
        if (!spec.regularizer().isPairwise()) {
            all.put("slices", Integer.toString(spec.slices()));
        }
        if (spec.regularizer() == Regularizer.EPPS_PULLEY) {
            all.put("knots", Integer.toString(spec.knots()));
            all.put("t_max", Double.toString(spec.tMax()));
        }
        all.putAll(spec.test());
        return new TestParameters("loss.test", all);
    }

    private static LeJepaLoss.Dialect dialect(Dialect word) {
        return switch (word) {
            case PAPER -> LeJepaLoss.Dialect.PAPER;
            case MINIMAL -> LeJepaLoss.Dialect.MINIMAL;
            case POOLED -> LeJepaLoss.Dialect.POOLED;
        };
    }
}
