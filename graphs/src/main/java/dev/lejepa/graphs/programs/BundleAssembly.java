package dev.lejepa.graphs.programs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.nn.StateNames;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.passes.UpdateFusion;
import dev.lejepa.graphs.programs.Manifest.Role;
import dev.lejepa.graphs.programs.Manifest.Stage;
import dev.lejepa.graphs.programs.Manifest.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a bundle is put together from, whatever network it trains. The optimizer's graph, the states and the manifest
/// follow from it.
///
/// @param step forward and backward pass, in as many graphs as they have
/// @param declared what their layers keep
/// @param groups the parameters, each in one group
/// @param beside graphs that are run beside training, as they are lowered
/// @param augment what makes views, if a graph can
/// @param microBatches where the step is cut
/// @param recipe for the manifest
record BundleAssembly(
        Target target,
        long seed,
        List<StepStage> step,
        Declared declared,
        List<TrainedGroup> groups,
        List<Beside> beside,
        Optional<AugmentStage> augment,
        Optional<Manifest.MicroBatches> microBatches,
        JsonNode recipe) {
    static final String EVALUATE = "evaluate";
    static final String ENCODER = "encoder";
    static final String HELD_OUT = "held_out";

    /// A graph that is no stage of a step.
    ///
    /// @param name that the manifest has it by
    /// @param said of its inputs and outputs
    record Beside(String name, String file, Bundle.GraphFile content, Declarations said) {}

    /// @throws IllegalStateException if the step might read a state after it was updated in place
    Bundle assemble() {
        var copied = copied();
        var narrow = narrow();
        var optimizer =
                AdamWGraph.build(groups.stream().map(TrainedGroup::forOptimizer).toList(), copied, narrow, hostSteps());
        var files = new LinkedHashMap<String, Bundle.GraphFile>();
        augment.ifPresent(a -> files.put(a.stage().graph(), a.content()));
        var stages = new ArrayList<>(step);
        var updates = atOnce() ? UpdateFusion.apply(optimizer.graph()) : optimizer.graph();
        stages.add(StepStage.once("optimize", Bundle.OPTIMIZER, updates, optimizer));
        stages.forEach(s -> files.put(s.file(), new Bundle.GraphFile(s.graph(), target, Map.of())));
        var states = states(copied, narrow);
        var described = new HashMap<String, Stage>();
        for (var b : beside) {
            files.put(b.file(), b.content());
            described.put(
                    b.name(),
                    StageDescriptions.once(b.name(), b.file(), b.content().graph(), b.said()));
        }
        var manifest = new Manifest(
                Manifest.FORMAT,
                Manifest.VERSION,
                target.label(),
                target.device(),
                recipe,
                states,
                groups.stream().map(TrainedGroup::settings).toList(),
                Stream.concat(
                                augment.filter(AugmentStage::first).map(AugmentStage::stage).stream(),
                                stages.stream().map(StepStage::described))
                        .toList(),
                described.get(EVALUATE),
                described.get(ENCODER),
                described.get(HELD_OUT),
                augment.filter(a -> !a.first()).map(AugmentStage::stage).orElse(null),
                microBatches.orElse(null));
        return verified(new Bundle(manifest, files, seed, Bundle.Initial.all(declared)));
    }

    /// ONNX Runtime's optimizer kernel for devices reads the step in host memory and counts it up there. Copies that a
    /// graph makes would be waited for, so each update has an input of its own. Nothing else counts it up.
    private boolean hostSteps() {
        return target.device().equals(Target.CUDA.device()) && !atOnce();
    }

    /// Whether one kernel of ours makes all updates.
    private boolean atOnce() {
        return target.has(Target.Capability.FUSED_ROWS);
    }

    /// The parameters of which a step reads copies.
    private Set<String> copied() {
        return declared.parameters().stream()
                .map(Parameter::name)
                .filter(p -> step.stream().anyMatch(s -> s.graph().inputs().containsKey(StateNames.copy(p))))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// The parameters whose gradients a step gives in bfloat16.
    private Set<String> narrow() {
        return declared.parameters().stream()
                .map(Parameter::name)
                .filter(p -> step.stream()
                        .map(s -> s.graph().outputs().get(StateNames.gradient(p)))
                        .anyMatch(v -> v != null && v.type().dtype() == DType.BFLOAT16))
                .collect(Collectors.toSet());
    }

    private List<State> states(Set<String> copied, Set<String> narrow) {
        var groupOf = groupOf();
        var states = new ArrayList<State>();
        for (var p : declared.parameters()) {
            states.add(state(p.name(), Role.PARAMETER, p.value(), null, groupOf.get(p.name())));
        }
        for (var p : declared.parameters()) {
            var type = narrow.contains(p.name()) ? DType.BFLOAT16 : DType.FLOAT32;
            var dims = StageDescriptions.dims(p.value().shape());
            states.add(new State(StateNames.gradient(p.name()), Role.GRADIENT, type.label(), dims, p.name(), null));
            states.add(state(StateNames.moment1(p.name()), Role.MOMENT1, p.value(), p.name(), null));
            states.add(state(StateNames.moment2(p.name()), Role.MOMENT2, p.value(), p.name(), null));
        }
        for (var p : declared.parameters()) {
            if (copied.contains(p.name())) {
                var dims = StageDescriptions.dims(p.value().shape());
                var type = DType.BFLOAT16.label();
                states.add(new State(StateNames.copy(p.name()), Role.COPY, type, dims, p.name(), null));
            }
        }
        for (var b : declared.buffers()) {
            states.add(state(b.name(), Role.BUFFER, b.value(), null, null));
        }
        states.add(new State(StateNames.STEP, Role.STEP, "int64", List.of(1L), null, null));
        return states;
    }

    private Map<String, String> groupOf() {
        var map = new HashMap<String, String>();
        groups.forEach(
                g -> g.parameters().forEach(p -> map.put(p.name(), g.settings().name())));
        return map;
    }

    private static State state(String name, Role role, Value like, @Nullable String of, @Nullable String group) {
        return new State(name, role, like.type().dtype().label(), StageDescriptions.dims(like.shape()), of, group);
    }

    private static Bundle verified(Bundle bundle) {
        var updated = new HashSet<String>();
        for (var stage : bundle.manifest().stages()) {
            var updates = new LinkedHashMap<String, String>();
            for (var out : stage.outputs()) {
                if (out instanceof StageOutput.State written) {
                    stage.inputs().stream()
                            .filter(in -> reads(in, written.state()))
                            .forEach(in -> updates.put(in.name(), out.name()));
                }
            }
            Verifier.verifyInPlace(bundle.graph(stage.graph()), updates);
            requireOld(stage, updates.keySet(), updated, bundle.manifest());
            updated.addAll(updates.keySet());
        }
        return bundle;
    }

    /// Stages of a step read buffers as they were before it, unless they update them.
    private static void requireOld(Stage stage, Set<String> updates, Set<String> updated, Manifest manifest) {
        for (var in : stage.inputs()) {
            if (in instanceof StageInput.State read
                    && updated.contains(read.name())
                    && !updates.contains(read.name())
                    && manifest.state(read.state())
                            .filter(s -> s.role() == Role.BUFFER)
                            .isPresent()) {
                throw new IllegalStateException(Text.format(
                        "stage '%s' reads the buffer '%s', which an earlier stage updates",
                        stage.name(), read.state()));
            }
        }
    }

    private static boolean reads(StageInput in, String state) {
        return in instanceof StageInput.State read && read.state().equals(state);
    }
}
