package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.programs.Manifest.Runs;
import dev.lejepa.graphs.programs.Manifest.Stage;
import org.jspecify.annotations.Nullable;

/// A graph of a step before it is lowered.
///
/// @param graph as it is lowered
/// @param said of its inputs and outputs
/// @param runs how often; once a step where nothing is said
/// @param repeats the stage whose results it gives once more
record StepStage(
        String name,
        String file,
        Graph graph,
        Declarations said,
        @Nullable Runs runs,
        @Nullable String repeats) {
    /// A stage that runs once a step.
    static StepStage once(String name, String file, Graph graph, Declarations said) {
        return new StepStage(name, file, graph, said, null, null);
    }

    Stage described() {
        return new Stage(
                name,
                file,
                runs,
                repeats,
                StageDescriptions.inputs(graph, said),
                StageDescriptions.outputs(graph, said));
    }
}
