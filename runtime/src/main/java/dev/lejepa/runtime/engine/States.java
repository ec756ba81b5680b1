package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.graphs.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The persistent tensors of a program, one for each state of its manifest, in the manifest's order.
public final class States implements AutoCloseable {
    private final List<Manifest.State> declared;
    private final Map<String, DeviceTensor> tensors = new LinkedHashMap<>();
    private final Map<String, Bucket> buckets;

    /// Allocates a tensor of zeros for each state.
    ///
    /// @param countedOnHost which of them lie in host memory, because no graph reads them
    /// @param together names of states that lie side by side in one tensor, by the tensor's name
    States(
            Engine engine,
            List<Manifest.State> declared,
            Predicate<Manifest.State> countedOnHost,
            Map<String, Set<String>> together) {
        this.declared = List.copyOf(declared);
        this.buckets = Bucket.of(engine, declared, together);
        for (var s : declared) {
            var shape = shape(s);
            var dtype = dtype(s.name(), s.dtype());
            var tensor = buckets.values().stream()
                    .flatMap(b -> b.part(s).stream())
                    .findFirst()
                    .orElseGet(() -> countedOnHost.test(s)
                            ? engine.allocateOnHost(s.name(), dtype, shape)
                            : engine.allocate(s.name(), dtype, shape));
            if (tensors.put(s.name(), tensor) != null) {
                throw new BadInputException(Text.format("%s: two states are called '%s'", Bundle.MANIFEST, s.name()));
            }
        }
    }

    static long[] shape(Manifest.State state) {
        return state.shape().stream().mapToLong(Long::longValue).toArray();
    }

    /// The tensor in which states lie side by side.
    Optional<DeviceTensor> bucket(String name) {
        return Optional.ofNullable(buckets.get(name)).map(Bucket::tensor);
    }

    static DType dtype(String name, String label) {
        try {
            return DType.of(label);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(Text.format("%s: '%s': %s", Bundle.MANIFEST, name, e.getMessage()), e);
        }
    }

    /// What the manifest says of them.
    public List<Manifest.State> declared() {
        return declared;
    }

    /// What the manifest says of those in one of these roles.
    public List<Manifest.State> declared(Manifest.Role... roles) {
        var wanted = List.of(roles);
        return declared.stream().filter(s -> wanted.contains(s.role())).toList();
    }

    /// The tensor of a state.
    ///
    /// @throws EngineException if there is no such state
    public DeviceTensor get(String name) {
        var t = tensors.get(name);
        if (t == null) {
            throw new EngineException(Text.format("there is no state '%s' among %d", name, tensors.size()));
        }
        return t;
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /// Checks that a file has chosen states, each in its type and shape. Other tensors of the file are ignored.
    ///
    /// @throws BadInputException naming all that are missing or of another type
    public void check(SafetensorsFile file, Predicate<Manifest.State> chosen) {
        var wanted = declared.stream().filter(chosen).toList();
        var faults = wanted.stream().flatMap(s -> fault(file, s).stream()).toList();
        if (!faults.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: %d of %d tensors do not fit: %s",
                    file.path(), faults.size(), wanted.size(), String.join("; ", first(faults))));
        }
    }

    private Optional<String> fault(SafetensorsFile file, Manifest.State state) {
        var expected = form(state);
        var found = file.find(state.name());
        if (found.isEmpty()) {
            return Optional.of(state.name() + " is missing");
        }
        return found.filter(f -> !f.equals(expected))
                .map(f -> Text.format("%s is %s where the program has %s", state.name(), f.form(), expected.form()));
    }

    /// Copies chosen states from a file, bit for bit.
    ///
    /// @throws BadInputException as [#check] does, before anything is copied
    public void load(SafetensorsFile file, Predicate<Manifest.State> chosen) {
        check(file, chosen);
        declared.stream().filter(chosen).forEach(s -> get(s.name()).copyFrom(file.bytes(s.name())));
    }

    private static List<String> first(List<String> faults) {
        var shown = 10;
        if (faults.size() <= shown) {
            return faults;
        }
        var some = new ArrayList<>(faults.subList(0, shown));
        some.add(Text.format("and %d more", faults.size() - shown));
        return some;
    }

    /// Parameters and buffers as the bundle's initial file has them, all else zeros.
    void initialize(Path initial) throws IOException {
        try (var file = SafetensorsFile.open(initial)) {
            load(file, States::startsFromFile);
        }
        declared.stream()
                .filter(s -> !startsFromFile(s))
                .forEach(s -> get(s.name()).zero());
        refreshCopies();
    }

    /// Sets the bfloat16 copies to what their parameters are now. Steps keep them so; whoever sets parameters otherwise
    /// calls this afterwards.
    public void refreshCopies() {
        for (var copy : declared(Manifest.Role.COPY)) {
            var values = get(Objects.requireNonNull(copy.of())).toFloats();
            var rounded = new short[values.length];
            for (var i = 0; i < values.length; i++) {
                rounded[i] = BFloat16.bits(values[i]);
            }
            get(copy.name()).copyFrom(MemorySegment.ofArray(rounded));
        }
    }

    private static boolean startsFromFile(Manifest.State s) {
        return switch (s.role()) {
            case PARAMETER, BUFFER -> true;
            case MOMENT1, MOMENT2, GRADIENT, STEP, COPY -> false;
        };
    }

    /// Name, type and shape of a state as a safetensors file has them.
    public TensorInfo form(Manifest.State state) {
        return new TensorInfo(state.name(), FileTypes.of(get(state.name()).dtype()), state.shape());
    }

    @Override
    public void close() {
        tensors.values().forEach(DeviceTensor::close);
        buckets.values().forEach(b -> b.tensor().close());
    }
}
