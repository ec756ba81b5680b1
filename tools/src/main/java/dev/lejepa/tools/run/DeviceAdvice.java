package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;

/// Says what a person can do when a run's device fails: what would fit into its memory, and from where a run goes on
/// whose device is lost.
///
/// @param plan of the run's step
/// @param leads whether the folder is this process's
record DeviceAdvice(Recipe recipe, int classes, Engine engine, StepPlan plan, RunFolder folder, boolean leads) {
    /// What may fail.
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /// What work gives, or its fault with advice.
    <T> T advised(Work<T> work) throws IOException, InterruptedException {
        try {
            return work.run();
        } catch (DeviceMemoryException e) {
            throw lighter(e);
        } catch (CudaException e) {
            throw e.isDeviceLost() ? lost(e) : e;
        }
    }

    /// The fault with advice, or as it is where nothing lighter can be planned.
    private DeviceMemoryException lighter(DeviceMemoryException e) {
        var speed = Speeds.of(recipe.train().precision(), engine.onHost());
        var compiler =
                new PlanCompiler(recipe, classes, engine.target(), plan.parts().ranks(), speed);
        try {
            return e.withAdvice(plan.lighter(compiler, engine.onHost(), e.missing()));
        } catch (BadInputException none) {
            e.addSuppressed(none);
            return e;
        }
    }

    private CudaException lost(CudaException e) {
        var fault = Text.format("device '%s' is lost: %s", engine.device(), e.getMessage());
        try {
            return new CudaException(leads ? fault + "; " + whatIsLeft() : fault, e);
        } catch (IOException unread) {
            e.addSuppressed(unread);
            return new CudaException(fault, e);
        }
    }

    private String whatIsLeft() throws IOException {
        var all = new Checkpoints(folder.path()).list();
        var again = Text.format("./lejepa train --resume --out %s", PathText.shown(folder.path()));
        return all.isEmpty()
                ? Text.format("the run has no checkpoint yet, %s starts it over", again)
                : Text.format(
                        "the run's newest checkpoint, %s, is whole: go on with %s",
                        PathText.shown(all.getLast().getFileName()), again);
    }
}
