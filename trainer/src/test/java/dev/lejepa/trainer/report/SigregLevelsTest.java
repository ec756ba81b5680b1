package dev.lejepa.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.recipe.Dialect;
import dev.lejepa.graphs.recipe.LossSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Regularizer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SigregLevelsTest {
    private static Recipe recipe(Dialect dialect, Regularizer regularizer) {
        return Recipe.defaults().withLoss(new LossSpec(dialect, regularizer, 0.05, 1024, 17, 3));
    }

    /// A batch of 64 images with 8 views each.
    @Test
    void levelsAreThoseOfTheSampleThatTheDialectTests() {
        SigregLevels paper =
                SigregLevels.of(recipe(Dialect.PAPER, Regularizer.EPPS_PULLEY)).orElseThrow();
        assertEquals(1.052464, paper.perfect(), 1e-6);
        assertEquals(64 * 0.40205, paper.collapsed(), 64 * 1e-5);
        SigregLevels pooled =
                SigregLevels.of(recipe(Dialect.POOLED, Regularizer.EPPS_PULLEY)).orElseThrow();
        assertEquals(1.052464, pooled.perfect(), 1e-6);
        assertEquals(8 * paper.collapsed(), pooled.collapsed(), 1e-9);
    }

    @Test
    void levelsOfOtherTestsAreNotKnown() {
        assertEquals(Optional.empty(), SigregLevels.of(recipe(Dialect.PAPER, Regularizer.WATSON)));
    }
}
