package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.StageOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// A bundle, loaded and ready to train. Its states live in persistent tensors: each stage reads them and writes them in
/// place, and what one stage writes the next reads from the same tensor. A step runs the stages in order; between steps
/// the caller fills or exchanges the inputs that are no states and reads the metrics. For one thread.
public final class Program implements AutoCloseable {
    private final Engine engine;
    private final BundleFolder bundle;
    private final States states;
    private final List<BoundStage> stages = new ArrayList<>();
    private final SequencedMap<String, Port> feeds = new LinkedHashMap<>();
    private final Map<String, DeviceTensor> bound = new LinkedHashMap<>();
    private final Map<String, DeviceTensor> owned = new LinkedHashMap<>();
    private final SequencedMap<String, DeviceTensor> metrics = new LinkedHashMap<>();
    private final Handover handover;
    private final Steps steps;
    private Optional<Evaluation> evaluation = Optional.empty();

    private Program(Engine engine, BundleFolder bundle) {
        var manifest = bundle.manifest();
        this.engine = engine;
        this.bundle = bundle;
        this.states = new States(
                engine,
                manifest.states(),
                s -> s.role() == Manifest.Role.STEP
                        && manifest.stages().stream().anyMatch(Program::isTold),
                Bucket.members(manifest));
        this.handover = new Handover(engine, Optional.ofNullable(manifest.microBatches()));
        this.steps = new Steps(stages, handover, states);
    }

    /// Loads the bundle in a folder. All states are zeros until [#initialize()] or a checkpoint sets them.
    ///
    /// @throws BadInputException if the folder holds no bundle, or its graphs and manifest disagree
    public static Program open(Engine engine, Path directory) throws IOException {
        var program = new Program(engine, BundleFolder.read(directory));
        try {
            var stages = program.manifest().stages();
            for (var stage : stages) {
                program.add(BoundStage.open(engine, program.bundle, stage, program.states, program.use(stage)));
            }
            program.metrics.putAll(program.handover.gathered());
            program.capture();
            return program;
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    /// Graphs that were made for another device may have nodes that this one has no kernel for.
    private Use use(Manifest.Stage stage) {
        if (!manifest().forCuda()) {
            return Use.ANY;
        }
        return isTold(stage) || cut() ? Use.STEP : Use.STEP_ON_DEVICE_ALONE;
    }

    /// Whether a stage is told the number of the step, which host memory then counts; else its graph counts, where it
    /// computes.
    private static boolean isTold(Manifest.Stage stage) {
        return stage.inputs().stream().anyMatch(StageInput.StepNumber.class::isInstance);
    }

    /// Whether stages run several times in a step, with other tensors each time; what was recorded has one.
    private boolean cut() {
        return manifest().microBatches() != null;
    }

    /// Lets a device record its graphs before anything is in the states: to record one, ONNX Runtime runs it twice, and
    /// BatchNorm's statistics would be updated three times in the first step.
    private void capture() {
        if (manifest().forCuda() && engine.options().captureGraphs()) {
            feeds.keySet().forEach(this::input); // zeros, which are labels too
            stages.stream()
                    .filter(s -> use(s.stage()) == Use.STEP_ON_DEVICE_ALONE)
                    .forEach(BoundStage::run);
        }
    }

    private void add(BoundStage stage) {
        stages.add(stage);
        for (var i : stage.stage().inputs()) {
            if (i.isFed() && !handover.makes(i.name())) {
                var port = stage.model().input(i.name());
                var other = feeds.putIfAbsent(i.name(), port);
                if (other != null && !other.equals(port)) {
                    throw new BadInputException(Text.format(
                            "stage '%s': input '%s' is %s, but an earlier stage has it as %s",
                            stage.stage().name(), i.name(), port.describe(), other.describe()));
                }
            }
        }
        handover.add(stage);
        for (var o : stage.stage().outputs()) {
            if (o instanceof StageOutput.Metric) {
                var tensor = allocate(stage.model().output(o.name()));
                metrics.put(o.name(), tensor);
                stage.binding().output(o.name(), tensor);
            }
        }
    }

    private DeviceTensor allocate(Port port) {
        return engine.allocate(
                port.name(),
                port.dtype(),
                port.shape().stream().mapToLong(Long::longValue).toArray());
    }

    public Manifest manifest() {
        return bundle.manifest();
    }

    public BundleFolder bundle() {
        return bundle;
    }

    public Engine engine() {
        return engine;
    }

    /// Sets parameters and buffers to the bundle's initial values and all other states to zero.
    public void initialize() throws IOException {
        states.initialize(bundle.file(Bundle.INIT));
    }

    public States states() {
        return states;
    }

    /// The inputs that are no states, in the order of the stages.
    public List<Port> inputs() {
        return List.copyOf(feeds.values());
    }

    /// The tensor that an input is read from, for the caller to fill; a new one if none was bound yet.
    public DeviceTensor input(String name) {
        var tensor = bound.get(name);
        if (tensor == null) {
            tensor = newInput(name);
            owned.put(name, tensor);
            bind(name, tensor);
        }
        return tensor;
    }

    /// A new tensor that fits an input, for [#bind]; it belongs to the caller.
    public DeviceTensor newInput(String name) {
        return allocate(feed(name));
    }

    /// Reads an input from this tensor from the next step on. Nothing is copied, so a loader may fill one tensor while a
    /// step reads another.
    public void bind(String name, DeviceTensor tensor) {
        feed(name);
        for (var stage : stages) {
            if (stage.feeds(name)) {
                stage.binding().input(name, tensor);
            }
        }
        bound.put(name, tensor);
    }

    /// The type and shape of an input that is no state.
    public Port port(String name) {
        return feed(name);
    }

    private Port feed(String name) {
        var port = feeds.get(name);
        if (port == null) {
            throw new EngineException(Text.format("the program has no input '%s', only %s", name, feeds.keySet()));
        }
        return port;
    }

    /// The metrics by name, in the order of the stages: persistent tensors that each step overwrites.
    public SequencedMap<String, DeviceTensor> metrics() {
        return Collections.unmodifiableSequencedMap(metrics);
    }

    /// A metric that is one number, as the last step left it.
    public float metric(String name) {
        var tensor = metrics.get(name);
        if (tensor == null) {
            throw new EngineException(Text.format("the program has no metric '%s', only %s", name, metrics.keySet()));
        }
        return tensor.item();
    }

    /// The views of the last step by input name, where a stage of the program makes them.
    public Map<String, DeviceTensor> views() {
        return manifest().stages().stream()
                .flatMap(s -> s.outputs().stream())
                .filter(StageOutput.Views.class::isInstance)
                .collect(Collectors.toMap(StageOutput::name, o -> handover.made(o.name())));
    }

    /// Into how many micro-batches a step cuts a process's images, and how many images each has; empty where a step is
    /// not cut.
    public Optional<Manifest.MicroBatches> microBatches() {
        return Optional.ofNullable(manifest().microBatches());
    }

    /// Runs all stages in order, in one process, with inputs that are the same for all micro-batches. A device with
    /// memory of its own may still compute when this returns.
    public void step() {
        steps.run(MicroFeed.NONE, Exchange.alone(handover.batch()));
    }

    /// What the host does while a device computes.
    @FunctionalInterface
    public interface Beside<E extends Exception> {
        void run() throws E;
    }

    /// Runs all stages in one process, and something that a device need not wait for while it computes.
    public <E extends Exception> void step(Beside<E> beside) throws E {
        step(MicroFeed.NONE, Exchange.alone(handover.batch()), beside);
    }

    /// Runs a step with what other processes give to it. ONNX Runtime plays a recorded graph to its end before it
    /// returns, so there what is to run beside it comes first.
    ///
    /// @param feed binds the inputs of each micro-batch
    /// @param exchange with the other processes
    /// @param beside what a device need not wait for while it computes
    public <E extends Exception> void step(MicroFeed feed, Exchange exchange, Beside<E> beside) throws E {
        if (engine.options().captureGraphs() && !cut()) {
            beside.run();
            steps.run(feed, exchange);
        } else {
            steps.run(feed, exchange);
            beside.run();
        }
    }

    /// Runs one stage alone.
    public void run(String stage) {
        stages.stream()
                .filter(s -> s.stage().name().equals(stage))
                .findFirst()
                .orElseThrow(() -> new EngineException(Text.format("the program has no stage '%s'", stage)))
                .run();
    }

    /// The evaluation graph over these states; loaded when first asked for.
    ///
    /// @throws BadInputException if the bundle has none
    public Evaluation evaluation() {
        if (evaluation.isEmpty()) {
            var stage = manifest().evaluate();
            if (stage == null) {
                throw new BadInputException(Text.format(
                        "%s: evaluate is missing; this bundle can only train", bundle.file(Bundle.MANIFEST)));
            }
            evaluation = Optional.of(new Evaluation(BoundStage.open(engine, bundle, stage, states, Use.ANY)));
        }
        return evaluation.get();
    }

    @Override
    public void close() {
        evaluation.ifPresent(Evaluation::close);
        stages.forEach(BoundStage::close);
        owned.values().forEach(DeviceTensor::close);
        metrics.values().forEach(DeviceTensor::close);
        handover.close();
        states.close();
    }
}
