package dev.lejepa.tools.run;

import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.trainer.data.Workers;
import dev.lejepa.trainer.train.RunFolder;
import dev.lejepa.trainer.train.StopRequest;
import java.io.PrintStream;

/// What a run is asked for.
///
/// @param recipe checked; its paths are the caller's
/// @param resume whether the folder holds the run already
/// @param acceptData whether a run may go on with other images than it began with
/// @param device `cpu` or `cuda:N`
/// @param options of the engine
/// @param terminal whether `out` is a terminal that a line can be rewritten on
/// @param out where people read
/// @param stop true once the person asked to stop
public record RunSettings(
        Recipe recipe,
        RunFolder folder,
        boolean resume,
        boolean acceptData,
        String device,
        EngineOptions options,
        boolean terminal,
        PrintStream out,
        StopRequest stop) {
    /// The run's name: that of its folder.
    public String name() {
        return folder.name();
    }

    /// Threads of the engine.
    public int threads() {
        return options.threads();
    }

    /// Loader threads.
    public Workers workers() {
        var given = recipe.data().workers();
        return given.isPresent() ? Workers.fixed(given.getAsInt()) : Workers.measured(threads());
    }
}
