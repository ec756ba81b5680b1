package dev.lejepa.trainer.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.recipe.Dialect;
import dev.lejepa.graphs.recipe.Precision;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Recompute;
import dev.lejepa.graphs.recipe.Regularizer;
import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.graphs.recipe.Target;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Exchange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A step cut into micro-batches and processes is the same step.
class CutStepTest {
    private static final int STEPS = 20;

    /// float32 rounding in another order, carried on by the steps of Adam.
    private static final double TOLERANCE = 1e-5;

    /// bfloat16 has 8 bits: gradients that are added up in another order are rounded apart before they are.
    private static final double NARROW = 1e-3;

    private static final int CLASSES = 3;

    @TempDir
    Path folder;

    private CutTraining training(Recipe recipe) {
        return new CutTraining(folder, recipe, CLASSES, STEPS, STEPS);
    }

    private static void assertSame(CutTraining.Result whole, CutTraining.Result cut, double tolerance, Object how) {
        var losses = cut.losses(whole);
        var states = cut.states(whole);
        assertTrue(losses < tolerance, how + ": losses differ by " + losses);
        assertTrue(states < tolerance, how + ": parameters differ by " + states);
    }

    private void assertSame(Recipe recipe, double tolerance, Parts... cuts) throws Exception {
        var training = training(recipe);
        var whole = training.run(Parts.WHOLE);
        for (var parts : cuts) {
            assertSame(whole, training.run(parts), tolerance, parts);
        }
    }

    private static Parts micro(int number) {
        return new Parts(1, number);
    }

    @ParameterizedTest
    @CsvSource({"PAPER", "MINIMAL", "POOLED"})
    void microBatchesOfEverySizeMakeTheStepOfTheWholeBatch(Dialect dialect) throws Exception {
        var recipe = SmallRecipes.with(SmallRecipes.vit(8), dialect, Regularizer.EPPS_PULLEY);
        assertSame(recipe, TOLERANCE, micro(2), micro(4), micro(8));
    }

    @ParameterizedTest
    @CsvSource({"ANDERSON_DARLING", "VCREG", "BHEP"})
    void everyTestOfTheWholeBatchIsThatOfTheWholeBatch(Regularizer regularizer) throws Exception {
        assertSame(SmallRecipes.with(SmallRecipes.vit(8), Dialect.PAPER, regularizer), TOLERANCE, micro(4));
    }

    @Test
    void aBatchThatDoesNotDivideIsFilledUpWithoutATrace() throws Exception {
        assertSame(SmallRecipes.vit(10), TOLERANCE, micro(4), new Parts(3, 2), new Parts(3, 1));
    }

    @Test
    void processesMakeTheStepOfOne() throws Exception {
        assertSame(SmallRecipes.vit(8), TOLERANCE, new Parts(2, 1), new Parts(2, 2));
    }

    @Test
    void microBatchesOfTheSameStepGiveTheSameBitsAgain() throws Exception {
        var training = training(SmallRecipes.vit(8));
        var first = training.run(micro(4), "first");
        var second = training.run(micro(4), "second");
        assertEquals(0, first.losses(second));
        assertEquals(0, first.states(second));
    }

    @Test
    void layersThatAreComputedAgainAreThoseOfTheirMicroBatch() throws Exception {
        var recipe = SmallRecipes.vit(8);
        var memory = recipe.train().memory().with(Recompute.BLOCK);
        assertSame(recipe.withTrain(recipe.train().withMemory(memory)), TOLERANCE, micro(4));
    }

    @Test
    void portableGraphsAreCutAlike() throws Exception {
        var recipe = SmallRecipes.vit(8);
        assertSame(recipe.withTrain(recipe.train().withTarget(Target.PORTABLE)), TOLERANCE, micro(4), new Parts(2, 2));
    }

    @Test
    void mixedPrecisionStaysWithinItsDigits() throws Exception {
        var recipe = SmallRecipes.vit(8);
        var narrow = recipe.withTrain(recipe.train().withPrecision(Precision.BF16));
        var training = new CutTraining(folder, narrow, CLASSES, 5, STEPS);
        assertSame(training.run(Parts.WHOLE), training.run(micro(4)), NARROW, "bf16");
    }

    @Test
    void aStepWithoutAProbeIsCutToo() throws Exception {
        var training = new CutTraining(folder, SmallRecipes.vit(8), 0, STEPS, STEPS);
        assertSame(training.run(Parts.WHOLE), training.run(micro(4)), TOLERANCE, "no probe");
    }

    @Test
    void gradientsOfMicroBatchLossesTrainSomethingElse() throws Exception {
        var training = training(SmallRecipes.vit(8));
        var whole = training.run(Parts.WHOLE);
        var plain = PlainAccumulation.run(training, 4);
        assertTrue(plain.losses(whole) > 100 * TOLERANCE, "losses differ by " + plain.losses(whole));
        assertTrue(plain.states(whole) > 100 * TOLERANCE, "parameters differ by " + plain.states(whole));
    }

    @Test
    void statisticsOfABackboneAreUpdatedOnceForEachMicroBatch() throws Exception {
        var training = training(SmallRecipes.resNet(8));
        var found = training.run(micro(4)).states().get("bn1.num_batches_tracked");
        // two sizes of views, four micro-batches
        assertEquals(2 * 4 * STEPS, found[0]);
    }

    /// Rows of a ReLU that lie at 0 but for rounding are a step's own, so there are few steps.
    @Test
    void processesThatShareStatisticsMakeTheStepOfOneWithABackboneThatMixesImages() throws Exception {
        var recipe = SmallRecipes.resNet(12);
        var synced = recipe.withTrain(recipe.train().withSyncBn(true));
        var training = new CutTraining(folder, synced, CLASSES, 3, STEPS);
        var whole = training.run(Parts.WHOLE);
        assertSame(whole, training.run(new Parts(2, 1)), TOLERANCE, "2 processes");
        assertSame(whole, training.run(new Parts(3, 1)), TOLERANCE, "3 processes");

        var alone = new CutTraining(folder, recipe, CLASSES, 3, STEPS).run(new Parts(2, 1), "alone");
        assertTrue(alone.losses(whole) > 100 * TOLERANCE, "losses differ by " + alone.losses(whole));
        assertTrue(alone.states(whole) > 100 * TOLERANCE, "states differ by " + alone.states(whole));
    }

    @Test
    void aBackboneThatMixesImagesNeedsMicroBatchesOfOneSize() {
        var refused = assertThrows(
                BadInputException.class, () -> training(SmallRecipes.resNet(10)).run(micro(4)));
        assertEquals(
                "data.batch is 10, which 4 micro-batches cannot share out evenly;"
                        + " the backbone's BatchNorm needs micro-batches of one size",
                refused.getMessage());
    }

    @Test
    void aStepThatFailsWaitsForTheSumsThatItBegan() {
        var done = new ArrayList<String>();
        var failing = new Exchange() {
            @Override
            public Share share() {
                return new Share(0, 2, 8);
            }

            @Override
            public void gather(DeviceTensor mine, DeviceTensor all) {
                done.add("gather");
            }

            @Override
            public void reduce(DeviceTensor bucket) {
                done.add("reduce");
                throw new IllegalStateException("a fault after sums have begun");
            }

            @Override
            public void await() {
                done.add("await");
            }
        };
        var thrown = assertThrows(
                IllegalStateException.class, () -> training(SmallRecipes.vit(8)).first(new Parts(2, 1), failing));
        assertEquals("a fault after sums have begun", thrown.getMessage());
        assertEquals(List.of("gather", "reduce", "await"), done);
    }

    @Test
    void moreMicroBatchesThanImagesAreRefused() {
        var refused = assertThrows(
                BadInputException.class, () -> training(SmallRecipes.vit(8)).run(micro(5)));
        assertEquals(
                "train.micro_batches is 5, but 8 images are 4 micro-batches of 2; 4 would be the same",
                refused.getMessage());
    }
}
