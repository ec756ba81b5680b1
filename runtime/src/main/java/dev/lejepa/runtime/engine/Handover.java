package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Manifest.MicroBatches;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.StageOutput;
import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.runtime.engine.StepAction.Tie;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// The tensors in which stages of a step find what earlier stages made. Most is read for the same micro-batch for which
/// it was made, and lies in a tensor that the next one overwrites. Rows that the whole batch has lie in tensors for all
/// micro-batches, of which each has a part.
final class Handover implements AutoCloseable {
    private final Engine engine;
    private final MicroBatches cut;
    private final boolean whole;
    /// Tied once to the stages that make and read them.
    private final Map<String, DeviceTensor> same = new HashMap<>();
    /// Rows that stages make for one micro-batch after the other, those of all of a process.
    private final SequencedMap<String, DeviceTensor> mine = new LinkedHashMap<>();
    /// Rows of the whole batch, of which micro-batches read theirs.
    private final Map<String, DeviceTensor> shared = new HashMap<>();
    /// Rows of [#mine] of all processes.
    private final SequencedMap<String, DeviceTensor> gathered = new LinkedHashMap<>();
    /// What a stage gives once more, and nobody reads.
    private final Map<String, DeviceTensor> ignored = new HashMap<>();
    /// Rows of a micro-batch that has fewer images than there is room for, then zeros.
    private final Map<String, DeviceTensor> filled = new HashMap<>();

    private final Map<Part, DeviceTensor> parts = new HashMap<>();

    private record Part(DeviceTensor of, long first, long rows) {}

    /// @param cut how often stages run that run for each micro-batch; empty where none does
    Handover(Engine engine, Optional<MicroBatches> cut) {
        this.engine = engine;
        this.cut = cut.orElse(new MicroBatches(1, 1));
        this.whole = cut.isEmpty();
    }

    // ---- tensors, when stages are loaded in their order

    /// Makes the tensors that a stage writes, and ties what is tied once.
    ///
    /// @throws BadInputException if no earlier stage hands over what it reads
    void add(BoundStage stage) {
        for (var in : stage.stage().inputs()) {
            if (in instanceof StageInput.Handed || in instanceof StageInput.Views && makes(in.name())) {
                read(stage, in.name());
            }
        }
        for (var out : stage.stage().outputs()) {
            switch (out) {
                case StageOutput.Handed h -> make(stage, h.name(), h.rows() != null);
                case StageOutput.Views v -> make(stage, v.name(), true);
                case StageOutput.Metric _, StageOutput.State _ -> {} // the program's own
            }
        }
    }

    private void read(BoundStage stage, String name) {
        if (!makes(name)) {
            throw new BadInputException(Text.format(
                    "stage '%s': no earlier stage hands over its input '%s'",
                    stage.stage().name(), name));
        }
        var tensor = same.get(name);
        if (tensor != null) {
            stage.binding().input(name, tensor);
        } else if (!stage.stage().perMicroBatch()) {
            var all = shared.get(name);
            stage.binding()
                    .input(
                            name,
                            all != null
                                    ? all
                                    : gathered.computeIfAbsent(
                                            name, _ -> allocate(stage.model().input(name), 1)));
        }
    }

    private void make(BoundStage stage, String name, boolean rows) {
        var port = stage.model().output(name);
        if (stage.stage().perMicroBatch() && rows) {
            mine.computeIfAbsent(name, _ -> allocate(port, cut.count()));
            return;
        }
        var tensor = allocate(port, 1);
        (rows && !whole ? shared : same).put(name, tensor);
        stage.binding().output(name, tensor);
    }

    private DeviceTensor allocate(Port port, int times) {
        var shape = port.shape().stream().mapToLong(Long::longValue).toArray();
        if (times > 1) {
            shape[0] *= times;
        }
        return engine.allocate(port.name(), port.dtype(), shape);
    }

    /// Whether a stage makes what has this name.
    boolean makes(String name) {
        return same.containsKey(name) || mine.containsKey(name) || shared.containsKey(name);
    }

    /// What a stage made under this name, for all micro-batches of this process.
    DeviceTensor made(String name) {
        var tensor = mine.get(name);
        return tensor != null ? tensor : of(same, name);
    }

    /// Rows of the whole batch that stages made for one micro-batch after the other.
    SequencedMap<String, DeviceTensor> gathered() {
        return gathered;
    }

    /// How often stages run that run for each micro-batch.
    int microBatches() {
        return cut.count();
    }

    /// Images of the whole batch.
    int batch() {
        var e = gathered.firstEntry();
        if (e == null) {
            return 1;
        }
        var perMicroBatch = of(mine, e.getKey()).shape().getFirst() / cut.count();
        return Math.toIntExact(e.getValue().shape().getFirst() * cut.images() / perMicroBatch);
    }

    /// @throws EngineException if the stages were made for another batch or for more processes
    void require(Share share) {
        if (whole ? share.ranks() > 1 : share.batch() != batch() || share.most() > cut.count() * cut.images()) {
            throw new EngineException(Text.format(
                    "the graphs are for %d micro-batches of %d images of a batch of %d, which is not %s",
                    cut.count(), cut.images(), batch(), share));
        }
    }

    // ---- what differs from run to run

    /// The ties of a stage that runs for a micro-batch.
    ///
    /// @param again whether it gives once more what was made already
    List<Tie> ties(BoundStage stage, int microBatch, Share share, States states, boolean again) {
        var ties = new ArrayList<Tie>();
        for (var in : stage.stage().inputs()) {
            var name = in.name();
            if (mine.containsKey(name)) {
                ties.add(new Tie.Input(name, mine(name, microBatch)));
            } else if (shared.containsKey(name)) {
                ties.add(new Tie.Input(name, rows(name, microBatch, share, stage)));
            }
        }
        var repeats = stage.stage().repeats() != null;
        for (var out : stage.stage().outputs()) {
            var name = out.name();
            if (mine.containsKey(name)) {
                ties.add(new Tie.Output(name, again ? ignored(stage, name) : mine(name, microBatch)));
            } else if (repeats && out instanceof StageOutput.State written) {
                ties.add(new Tie.Output(name, again ? ignored(stage, name) : states.get(written.state())));
            }
        }
        return ties;
    }

    private DeviceTensor mine(String name, int microBatch) {
        var all = of(mine, name);
        var rows = all.shape().getFirst() / cut.count();
        return part(all, microBatch * rows, rows);
    }

    private DeviceTensor ignored(BoundStage stage, String output) {
        return ignored.computeIfAbsent(output, _ -> allocate(stage.model().output(output), 1));
    }

    /// A micro-batch's rows of what the whole batch has.
    private DeviceTensor rows(String name, int microBatch, Share share, BoundStage reader) {
        if (images(microBatch, share) < cut.images()) {
            return filled.computeIfAbsent(name, _ -> allocate(reader.model().input(name), 1));
        }
        return part(of(shared, name), first(name, microBatch, share), cut.images() * perImage(name, share));
    }

    private long first(String name, int microBatch, Share share) {
        return (share.first() + (long) microBatch * cut.images()) * perImage(name, share);
    }

    private long perImage(String name, Share share) {
        return of(shared, name).shape().getFirst() / share.batch();
    }

    /// Images of a micro-batch that are images of the share.
    private int images(int microBatch, Share share) {
        return Math.clamp(share.images() - (long) microBatch * cut.images(), 0, cut.images());
    }

    /// What brings the rows of a micro-batch with fewer images to where a stage reads them.
    List<StepAction> fill(BoundStage stage, int microBatch, Share share) {
        var images = images(microBatch, share);
        var copies = new ArrayList<StepAction>();
        if (images == cut.images()) {
            return copies;
        }
        for (var in : stage.stage().inputs()) {
            if (shared.containsKey(in.name())) {
                var name = in.name();
                var rows = images * perImage(name, share);
                var target = rows(name, microBatch, share, stage);
                copies.add(new StepAction.Zero(List.of(target)));
                if (rows > 0) {
                    var from = part(of(shared, name), first(name, microBatch, share), rows);
                    copies.add(new StepAction.Copy(from, part(target, 0, rows)));
                }
            }
        }
        return copies;
    }

    /// What brings together the rows that a stage reads of the whole batch.
    List<StepAction> gather(BoundStage stage, Share share) {
        var gathers = new ArrayList<StepAction>();
        for (var in : stage.stage().inputs()) {
            var all = gathered.get(in.name());
            if (all != null) {
                var perImage = all.shape().getFirst() / share.batch();
                var rows = part(of(mine, in.name()), 0, share.images() * perImage);
                gathers.add(new StepAction.Gather(rows, all));
            }
        }
        return gathers;
    }

    private DeviceTensor part(DeviceTensor of, long first, long rows) {
        return parts.computeIfAbsent(new Part(of, first, rows), p -> p.of().slice(p.first(), p.rows()));
    }

    private static DeviceTensor of(Map<String, DeviceTensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    @Override
    public void close() {
        parts.values().forEach(DeviceTensor::close);
        List.of(same, mine, shared, gathered, ignored, filled)
                .forEach(tensors -> tensors.values().forEach(DeviceTensor::close));
    }
}
