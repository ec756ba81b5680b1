package dev.lejepa.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.recipe.Recompute;
import dev.lejepa.tools.config.RecipeFile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Plans of a small ViT whose activations are most of its memory.
class StepPlanTest {
    private static final String RECIPE = """
            data: {batch: 32}
            views: {global: {count: 4, size: 32}, local: {count: 0}, blur: {p: 0}}
            model:
              backbone: {name: vit_tiny_patch16_224, img_size: 32, patch_size: 4, depth: 3, embed_dim: 96, num_heads: 3, num_classes: 16}
              projector: {hidden: [32], out: 8}
            loss: {slices: 16}
            probe: null
            """;

    private static StepPlan plan(int ranks, long bytes, String... changes) {
        var assignments = new ArrayList<>(List.of(changes));
        assignments.add("train.memory_gb=" + bytes / 1e9);
        var recipe = RecipeFile.parse("test", RECIPE, assignments);
        var budget = new MemoryBudget(OptionalLong.of(bytes), "this much is free", true);
        var speed = Speeds.of(recipe.train().precision(), true);
        return StepPlan.of(recipe, 0, Target.ORT, ranks, budget, speed);
    }

    private static long bytes(StepPlan plan) {
        return plan.estimate().peakMemoryBytes();
    }

    private static final String AUTO_COUNT = "train.micro_batches=auto";
    private static final String AUTO_RECOMPUTE = "train.recompute=auto";
    private static final long MUCH = 1_000_000_000_000L;

    @Test
    void whatFitsWholeIsNotCut() {
        var plan = plan(1, MUCH, AUTO_COUNT, AUTO_RECOMPUTE);
        assertEquals(Parts.WHOLE, plan.parts());
        assertEquals(Recompute.NONE, plan.recompute());
        assertEquals(
                List.of("train.recompute and train.micro_batches are auto: recompute none, micro_batches 1 fits"
                        + " (this much is free)"),
                plan.notes());
        assertEquals(List.of(), plan(1, MUCH).notes());
    }

    @Test
    void microBatchesAreAsFewAsMemoryAllows() {
        var four = plan(1, MUCH, "train.micro_batches=4");
        var plan = plan(1, bytes(four), AUTO_COUNT);
        assertEquals(four.parts(), plan.parts());
        assertEquals(8, plan(1, bytes(four) - 1, AUTO_COUNT).parts().microBatches());
        assertTrue(plan.notes().getFirst().startsWith("train.micro_batches is auto: 4 fits (this much is free), 1."));
    }

    @Test
    void theCheapestOfBothIsTakenAndTheOthersAreNamed() {
        var block = plan(1, MUCH, "train.recompute=block");
        var both = plan(1, bytes(block), AUTO_COUNT, AUTO_RECOMPUTE);
        var cut = plan(1, bytes(block), AUTO_COUNT);
        assertTrue(cut.parts().microBatches() > 1);
        assertEquals(Math.min(cut.seconds(), block.seconds()), both.seconds());
        assertTrue(both.notes().getFirst().contains("; recompute "), both.notes()::toString);
    }

    @Test
    void moreMicroBatchesTakeLessMemoryAndAForwardPassMore() {
        var whole = plan(1, MUCH);
        var cut = plan(1, MUCH, "train.micro_batches=8");
        var small = plan(1, MUCH, "data.batch=4");
        assertTrue(bytes(cut) < bytes(small) * 1.1, () -> bytes(cut) + " and " + bytes(small));
        assertTrue(cut.seconds() > 1.2 * whole.seconds() && cut.seconds() < 1.4 * whole.seconds());
        assertEquals(List.of("a step is computed in 8 micro-batches of 4 images"), cut.notes());
    }

    @Test
    void processesComputeTheirShareAndTheWholeObjective() {
        var whole = plan(1, MUCH);
        var shared = plan(2, MUCH);
        assertEquals(new Parts(2, 1), shared.parts());
        var half = whole.estimate().flopsPerStep() / 2;
        assertTrue(shared.estimate().flopsPerStep() > half);
        assertTrue(shared.estimate().flopsPerStep() < 1.1 * half);
    }

    @Test
    void tooLittleMemoryNamesMicroBatchesThatWouldFit() {
        var eight = plan(1, MUCH, "train.micro_batches=8");
        var thrown = assertThrows(BadInputException.class, () -> plan(1, bytes(eight), "train.micro_batches=2"));
        assertTrue(
                thrown.getMessage().contains("with train.recompute none and train.micro_batches 8 would fit"),
                thrown.getMessage());
        assertThrows(BadInputException.class, () -> plan(1, 1000, AUTO_COUNT, AUTO_RECOMPUTE));
    }

    @Test
    void aBackboneThatNormalizesBatchesSaysByWhat() {
        var plan = plan(2, MUCH, "model.backbone={name: resnet18, num_classes: 16}", "train.micro_batches=4");
        assertEquals(
                List.of(
                        "a step is computed in 4 micro-batches of 4 images",
                        "resnet18 normalizes by the micro-batch (BatchNorm): 4 images, not data.batch, which is 32"),
                plan.notes());
    }

    @Test
    void aStepThatDidNotFitIsToldWhatIsLighter() {
        var recipe = RecipeFile.parse("test", RECIPE, List.of());
        var speed = Speeds.of(recipe.train().precision(), true);
        var compiler = new PlanCompiler(recipe, 0, Target.ORT, 1, speed);
        var plan = plan(1, MUCH);
        var words = plan.lighter(compiler, true, 0);
        assertTrue(
                words.matches(
                        "the step was expected to need [\\d.]+ GB with train.recompute none; by the same estimate "
                                + "[\\d.]+ GB with train.recompute \\w+ would fit, or "
                                + "[\\d.]+ GB with train.recompute none and train.micro_batches 2 would fit, or "
                                + "data.batch \\d+ would fit"),
                words);
        var much = plan.lighter(compiler, true, bytes(plan) - bytes(plan(1, MUCH, "train.micro_batches=8")));
        assertTrue(much.contains("train.micro_batches 8 would fit"), much);
    }

    @Test
    void whatWasAutoIsAdvisedAsItIs() {
        var recipe = RecipeFile.parse("test", RECIPE, List.of(AUTO_COUNT, AUTO_RECOMPUTE, "train.memory_gb=1000"));
        var compiler = new PlanCompiler(
                recipe, 0, Target.ORT, 1, Speeds.of(recipe.train().precision(), true));
        var plan = plan(1, MUCH, AUTO_COUNT, AUTO_RECOMPUTE);
        var words = plan.lighter(compiler, true, 0);
        assertTrue(words.contains("train.micro_batches 2 would fit, or data.batch "), words);
        assertTrue(!words.contains("data.batch 31 would fit"), words);
    }

    @Test
    void onlyAWholeStepIsRecorded() {
        plan(1, MUCH).requireWhole();
        var cut = plan(1, MUCH, "train.micro_batches=4");
        assertEquals(
                "--cuda-graph records a step that is computed at once, and this one takes 4 micro-batches (train.micro_batches): leave one of both out",
                assertThrows(BadInputException.class, cut::requireWhole).getMessage());
        var shared = plan(2, MUCH);
        assertEquals(
                "--cuda-graph records a step that one process computes, and here 2 share it: leave it out",
                assertThrows(BadInputException.class, shared::requireWhole).getMessage());
    }
}
