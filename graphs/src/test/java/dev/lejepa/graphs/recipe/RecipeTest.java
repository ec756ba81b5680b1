package dev.lejepa.graphs.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RecipeTest {
    private static final Recipe DEFAULTS = Recipe.defaults();

    @Test
    void defaultsHaveNoFault() {
        assertEquals(List.of(), RecipeRules.faults(DEFAULTS));
    }

    @Test
    void everyFaultIsListedInOneMessage() {
        Recipe bad = DEFAULTS.withLoss(new LossSpec(Dialect.PAPER, Regularizer.EPPS_PULLEY, 1.5, 0, 16, -3))
                .withProbe(Optional.of(new ProbeSpec(OptionalInt.of(0), 0, -1, 2)));
        var thrown = assertThrows(BadInputException.class, bad::validate);
        for (String key : List.of(
                "loss.lambda: is 1.5",
                "loss.slices: is 0",
                "loss.knots: is 16, must be an odd number",
                "loss.t_max: is -3",
                "probe.classes: is 0",
                "probe.lr: is 0",
                "probe.weight_decay: is -1",
                "probe.final_lr: is 2")) {
            assertTrue(thrown.getMessage().contains(key), () -> key + " in: " + thrown.getMessage());
        }
    }

    @Test
    void statisticsOfAllProcessesAreForTargetOrt() {
        var synced = DEFAULTS.train().withSyncBn(true);
        assertEquals(List.of(), RecipeRules.faults(DEFAULTS.withTrain(synced)));
        assertEquals(
                List.of(new Fault(
                        "train.sync_bn",
                        "is true, which train.target portable does not have: no standard operator knows of other"
                                + " processes; use target ort")),
                RecipeRules.faults(DEFAULTS.withTrain(synced.withTarget(Target.PORTABLE))));
    }

    @Test
    void mixedPrecisionIsForTargetOrt() {
        TrainSpec portable = new TrainSpec(
                1,
                OptionalInt.empty(),
                Precision.BF16,
                Target.PORTABLE,
                OptionalInt.of(1),
                OptionalInt.empty(),
                1,
                false,
                MemorySpec.defaults());
        assertEquals(
                List.of(new Fault(
                        "train.precision",
                        "is bf16, which train.target portable does not have: few runtimes compute standard operators in"
                                + " bfloat16; use fp32 or target ort")),
                RecipeRules.faults(DEFAULTS.withTrain(portable)));
        assertEquals(List.of(), RecipeRules.faults(DEFAULTS.withTrain(portable.withTarget(Target.ORT))));
    }

    @Test
    void microBatchesAreAtLeastOneAndAtMostTheBatch() {
        assertEquals(
                List.of(new Fault("train.micro_batches", "is 0, must be at least 1")),
                RecipeRules.faults(cut(OptionalInt.of(0))));
        assertEquals(
                List.of(new Fault("train.micro_batches", "is 65, must be at most data.batch, which is 64")),
                RecipeRules.faults(cut(OptionalInt.of(65))));
        assertEquals(List.of(), RecipeRules.faults(cut(OptionalInt.of(64))));
    }

    @Test
    void automaticMicroBatchesNeedALimitOfMemory() {
        assertEquals(
                List.of("train.micro_batches"),
                RecipeRules.faults(cut(OptionalInt.empty())).stream()
                        .map(Fault::key)
                        .toList());
        var limited = new MemorySpec(OptionalInt.empty(), Recompute.AUTO, OptionalDouble.of(4));
        assertEquals(
                List.of(),
                RecipeRules.faults(DEFAULTS.withTrain(TrainSpec.defaults().withMemory(limited))));
    }

    @Test
    void microBatchesMayChangeOnResume() {
        var given = cut(OptionalInt.of(4));
        RecipeChanges.between(DEFAULTS, given).refuseOtherRun("runs/a");
        assertEquals(RecipeSettings.sha256(DEFAULTS), RecipeSettings.sha256(given));
    }

    private static Recipe cut(OptionalInt microBatches) {
        return DEFAULTS.withTrain(
                TrainSpec.defaults().withMemory(new MemorySpec(microBatches, Recompute.NONE, OptionalDouble.empty())));
    }

    @Test
    void resumeMayKeepMoreCheckpointsStopLaterAndMoveItsFolders() {
        TrainSpec train = new TrainSpec(
                100,
                OptionalInt.of(7),
                Precision.FP32,
                Target.ORT,
                OptionalInt.empty(),
                OptionalInt.of(5),
                9,
                false,
                MemorySpec.defaults());
        Recipe given = DEFAULTS.withTrain(train).withData(DEFAULTS.data().withTrain("elsewhere"));
        RecipeChanges changes = RecipeChanges.between(DEFAULTS, given);
        changes.refuseOtherRun("runs/a");
        assertEquals(
                List.of(
                        "data.train was null, is elsewhere",
                        "train.steps was null, is 7",
                        "train.checkpoint_every_epochs was 1, is null",
                        "train.checkpoint_every_steps was null, is 5",
                        "train.keep was 2, is 9"),
                changes.with(RecipeChanges.Effect.NONE).stream()
                        .map(RecipeChanges.Change::toString)
                        .toList());
    }

    @Test
    void moreEpochsChangeTheScheduleAndFewerAreAnotherRun() {
        Recipe more = DEFAULTS.withTrain(epochs(101));
        Recipe fewer = DEFAULTS.withTrain(epochs(99));
        assertEquals(
                1,
                RecipeChanges.between(DEFAULTS, more)
                        .with(RecipeChanges.Effect.SCHEDULE)
                        .size());
        assertThrows(
                BadInputException.class,
                () -> RecipeChanges.between(DEFAULTS, fewer).refuseOtherRun("runs/a"));
    }

    @Test
    void everyOtherDifferenceIsRefusedAndNamed() {
        Recipe other = DEFAULTS.withSeed(1)
                .withProbe(Optional.empty())
                .withModel(new ModelSpec(
                        BackboneSpec.named("vit_tiny_patch16_224", 0.1, 512),
                        DEFAULTS.model().projector()));
        RecipeChanges changes = RecipeChanges.between(DEFAULTS, other);
        var thrown = assertThrows(BadInputException.class, () -> changes.refuseOtherRun("runs/a"));
        for (String part : List.of(
                "seed was 0, is 1",
                "probe.lr was 0.001, is not set",
                "model.backbone.name was vit_small_patch16_224, is vit_tiny_patch16_224",
                "model.backbone.patch_size was 14, is not set")) {
            assertTrue(thrown.getMessage().contains(part), () -> part + " in: " + thrown.getMessage());
        }
    }

    private static TrainSpec epochs(int epochs) {
        TrainSpec train = TrainSpec.defaults();
        return new TrainSpec(
                epochs,
                train.steps(),
                train.precision(),
                train.target(),
                train.checkpointEveryEpochs(),
                train.checkpointEverySteps(),
                train.keep(),
                train.syncBn(),
                train.memory());
    }
}
