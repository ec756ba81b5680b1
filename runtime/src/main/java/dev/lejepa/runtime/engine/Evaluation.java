package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.programs.StageOutput;
import java.util.List;
import java.util.Map;

/// The evaluation graph of a program, tied to the program's own parameters and buffers. It belongs to the program.
public final class Evaluation {
    private final BoundStage stage;

    Evaluation(BoundStage stage) {
        this.stage = stage;
    }

    /// The inputs that are no states.
    public List<Port> inputs() {
        return stage.model().inputs().stream()
                .filter(i -> stage.feeds(i.name()))
                .toList();
    }

    /// What the graph computes.
    public List<Port> outputs() {
        return stage.stage().outputs().stream()
                .map(StageOutput::name)
                .map(stage.model()::output)
                .toList();
    }

    /// Runs the graph with the states as they are now. The outputs belong to the caller.
    ///
    /// @param inputs a tensor for each of [#inputs()]; the batch may be of any size where it is free
    public Outputs run(Map<String, DeviceTensor> inputs) {
        inputs.forEach(stage.binding()::input);
        return stage.binding().fetch();
    }

    void close() {
        stage.close();
    }
}
