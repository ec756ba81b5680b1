package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.StageOutput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The graph of a stage, loaded, with everything tied that is a state.
final class BoundStage implements AutoCloseable {
    private final Manifest.Stage stage;
    private final Model model;
    private final Binding binding;

    private final Optional<StepCount> count;

    private BoundStage(Manifest.Stage stage, Model model, Binding binding, Optional<StepCount> count) {
        this.stage = stage;
        this.model = model;
        this.binding = binding;
        this.count = count;
    }

    /// Loads a stage's graph and ties its states.
    ///
    /// @throws BadInputException if graph and manifest disagree; all differences are named
    static BoundStage open(Engine engine, BundleFolder bundle, Manifest.Stage stage, States states, Use use) {
        var model = engine.load(bundle.file(stage.graph()), use);
        try {
            check(stage, model, states);
            var binding = model.bind();
            var bound = new BoundStage(stage, model, binding, StepCount.of(engine, stage, states, binding));
            bound.tieStates(states);
            return bound;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static void check(Manifest.Stage stage, Model model, States states) {
        var faults = new ArrayList<String>();
        compareNames(
                faults, "input", stage.inputs().stream().map(StageInput::name).toList(), model.inputs());
        compareNames(
                faults,
                "output",
                stage.outputs().stream().map(StageOutput::name).toList(),
                model.outputs());
        for (var i : stage.inputs()) {
            if (i instanceof StageInput.State read) {
                checkState(faults, "input " + i.name(), read.state(), states);
            }
        }
        for (var o : stage.outputs()) {
            if (o instanceof StageOutput.State written) {
                checkState(faults, "output " + o.name(), written.state(), states);
                if (written.mode() == StageOutput.Mode.ACCUMULATE && !reads(stage, written.state())) {
                    faults.add(Text.format("output %s has the mode 'accumulate', but no input is its state", o.name()));
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new BadInputException(
                    Text.format("stage '%s' (%s): %s", stage.name(), stage.graph(), String.join("; ", faults)));
        }
    }

    private static boolean reads(Manifest.Stage stage, String state) {
        return stage.inputs().stream()
                .anyMatch(i -> i instanceof StageInput.State s && s.state().equals(state));
    }

    private static void checkState(List<String> faults, String what, String state, States states) {
        if (!states.has(state)) {
            faults.add(Text.format("%s is the state '%s', which the manifest does not list", what, state));
        }
    }

    private static void compareNames(List<String> faults, String what, List<String> declared, List<Port> ports) {
        Set<String> graph = ports.stream().map(Port::name).collect(Collectors.toSet());
        Set<String> manifest = new HashSet<>(declared);
        declared.stream()
                .filter(n -> !graph.contains(n))
                .forEach(n -> faults.add(Text.format("the manifest has an %s '%s' that the graph lacks", what, n)));
        ports.stream()
                .map(Port::name)
                .filter(n -> !manifest.contains(n))
                .forEach(n -> faults.add(Text.format("the graph has an %s '%s' that the manifest lacks", what, n)));
    }

    private void tieStates(States states) {
        for (var i : stage.inputs()) {
            if (i instanceof StageInput.State read) {
                binding.input(i.name(), states.get(read.state()));
            }
        }
        for (var o : stage.outputs()) {
            if (o instanceof StageOutput.State written) {
                binding.output(o.name(), states.get(written.state()));
            }
        }
    }

    Manifest.Stage stage() {
        return stage;
    }

    Model model() {
        return model;
    }

    Binding binding() {
        return binding;
    }

    /// Whether the graph has an input of this name that a caller feeds.
    boolean feeds(String input) {
        return stage.inputs().stream().anyMatch(i -> i.isFed() && i.name().equals(input));
    }

    void run() {
        count.ifPresent(StepCount::begin);
        binding.run();
        count.ifPresent(StepCount::end);
    }

    @Override
    public void close() {
        binding.close();
        count.ifPresent(StepCount::close);
        model.close();
    }
}
