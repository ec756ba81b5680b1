package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A tensor in which float32 states lie side by side, so that they can be cleared or sent as one.
///
/// @param places where each begins, in elements, by name
record Bucket(DeviceTensor tensor, Map<String, Long> places) {
    /// Elements to whose multiples states are aligned: as many as the widest vector has.
    private static final long ALIGNMENT = 16;

    /// The gradients that each stage writes for micro-batches, by the stage's name: they lie in one tensor.
    static Map<String, Set<String>> members(Manifest manifest) {
        var gradients = manifest.states().stream()
                .filter(s -> s.role() == Manifest.Role.GRADIENT)
                .map(Manifest.State::name)
                .collect(Collectors.toSet());
        var byStage = new LinkedHashMap<String, Set<String>>();
        manifest.stages().stream().filter(Manifest.Stage::perMicroBatch).forEach(stage -> {
            var written = stage.outputs().stream()
                    .filter(StageOutput.State.class::isInstance)
                    .map(o -> ((StageOutput.State) o).state())
                    .filter(gradients::contains)
                    .collect(Collectors.toSet());
            if (!written.isEmpty()) {
                byStage.put(stage.name(), written);
            }
        });
        return byStage;
    }

    /// @param together names of states by the name of their bucket
    static Map<String, Bucket> of(Engine engine, List<Manifest.State> declared, Map<String, Set<String>> together) {
        var buckets = new LinkedHashMap<String, Bucket>();
        together.forEach((name, members) -> {
            var places = new LinkedHashMap<String, Long>();
            var end = 0L;
            for (var s : declared) {
                if (members.contains(s.name())) {
                    places.put(s.name(), end);
                    var size = s.shape().stream().reduce(1L, Math::multiplyExact);
                    end += Math.ceilDiv(size, ALIGNMENT) * ALIGNMENT;
                }
            }
            if (end > 0) {
                buckets.put(name, new Bucket(engine.allocate(name + " gradients", DType.FLOAT32, end), places));
            }
        });
        return buckets;
    }

    /// The part of the tensor that is a state's.
    Optional<DeviceTensor> part(Manifest.State state) {
        return Optional.ofNullable(places.get(state.name()))
                .map(at -> tensor.slice(state.name(), at, States.shape(state)));
    }
}
