package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.Manifest.Role;
import dev.lejepa.graphs.programs.StageInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The inputs of a stage that say which step it is, each in host memory of its own, which the graph counts up; and the
/// state that counts completed steps.
final class StepCount implements AutoCloseable {
    private final DeviceTensor completed;
    private final List<DeviceTensor> numbers = new ArrayList<>();

    private StepCount(DeviceTensor completed) {
        this.completed = completed;
    }

    /// Ties these inputs of a stage, if it has any.
    static Optional<StepCount> of(Engine engine, Manifest.Stage stage, States states, Binding binding) {
        var inputs = stage.inputs().stream()
                .filter(StageInput.StepNumber.class::isInstance)
                .toList();
        if (inputs.isEmpty()) {
            return Optional.empty();
        }
        var state = states.declared(Role.STEP).stream()
                .findFirst()
                .orElseThrow(() -> new EngineException(
                        Text.format("stage '%s' counts steps, and no state of the manifest does", stage.name())));
        var count = new StepCount(states.get(state.name()));
        for (var i : inputs) {
            var number = engine.allocateOnHost(i.name(), States.dtype(i.name(), i.dtype()), 1);
            count.numbers.add(number);
            binding.input(i.name(), number);
        }
        return Optional.of(count);
    }

    /// Before the stage runs.
    void begin() {
        var step = completed.toLongs()[0] + 1;
        numbers.forEach(n -> n.setLongs(step));
    }

    /// When the stage was run.
    void end() {
        completed.setLongs(completed.toLongs()[0] + 1);
    }

    @Override
    public void close() {
        numbers.forEach(DeviceTensor::close);
    }
}
