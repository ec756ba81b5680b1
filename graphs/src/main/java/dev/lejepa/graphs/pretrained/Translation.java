package dev.lejepa.graphs.pretrained;

import dev.lejepa.graphs.weights.StoredTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A dictionary of a file under timm's names.
///
/// @param candidate where it is
/// @param naming that its names were read by
/// @param tensors what it has by timm's names, wanted or not
/// @param others names of the file that say nothing in this naming, or lie beside its prefix
record Translation(
        Candidate candidate, Naming naming, SequencedMap<String, JoinedTensor> tensors, List<String> others) {

    /// Reads the names of one place by one naming.
    static Translation of(Candidate candidate, Naming naming, ModelShapes model) {
        var parts = new LinkedHashMap<String, StoredTensor[]>();
        var tensors = new LinkedHashMap<String, JoinedTensor>();
        var others = new ArrayList<String>();
        candidate.tensors().forEach((full, tensor) -> {
            boolean inside = full.startsWith(candidate.prefix());
            String name = inside ? full.substring(candidate.prefix().length()) : full;
            var translated = translate(name, naming, model)
                    // A classifier stands beside the backbone, with a name of its own.
                    .filter(ours -> inside || ModelShapes.isClassifier(ours.name()));
            if (translated.isEmpty()) {
                others.add(full);
                return;
            }
            Ours ours = translated.get();
            var all = parts.computeIfAbsent(ours.name(), _ -> new StoredTensor[ours.parts()]);
            if (all.length == ours.parts()) {
                all[ours.part()] = ours.layout().of(tensor);
            }
        });
        parts.forEach(
                (name, all) -> complete(name, all).ifPresent(whole -> tensors.put(name, JoinedTensor.join(whole))));
        return new Translation(candidate, naming, renamed(tensors, model), others);
    }

    private record Ours(String name, int part, int parts, Rearrangement layout) {}

    private static Optional<Ours> translate(String name, Naming naming, ModelShapes model) {
        if (naming.keepsOthers() && model.wants(name)) {
            return Optional.of(new Ours(name, 0, 1, Rearrangement.NONE));
        }
        for (NameRule rule : naming.rules()) {
            var ours = rule.translate(name);
            if (ours.isPresent()) {
                return rule.parts() == 1 && naming.keepsOthers()
                        ? translate(ours.get(), naming, model) // several lines may speak of one name
                        : ours.map(o -> new Ours(o, rule.part(), rule.parts(), rule.layout()));
            }
        }
        return naming.keepsOthers() ? Optional.of(new Ours(name, 0, 1, Rearrangement.NONE)) : Optional.empty();
    }

    /// All parts of a tensor. Keys may come without a bias, since none changes what attention gives: it is zero.
    private static Optional<List<StoredTensor>> complete(String name, StoredTensor[] parts) {
        if (name.endsWith(".qkv.bias") && parts.length == 3 && parts[0] != null && parts[1] == null) {
            parts[1] = StoredTensor.zeros(parts[0].shape());
        }
        for (StoredTensor part : parts) {
            if (part == null) {
                return Optional.empty();
            }
        }
        return Optional.of(List.copyOf(Arrays.asList(parts)));
    }

    /// The last norm is `fc_norm` in models that pool before it, and `norm` in the others.
    private static SequencedMap<String, JoinedTensor> renamed(
            SequencedMap<String, JoinedTensor> tensors, ModelShapes model) {
        var renamed = new LinkedHashMap<String, JoinedTensor>();
        tensors.forEach((name, tensor) -> {
            String other = switch (name) {
                case "norm.weight", "norm.bias" -> "fc_" + name;
                case "fc_norm.weight", "fc_norm.bias" -> name.substring("fc_".length());
                default -> name;
            };
            boolean exchange = !model.wants(name) && model.wants(other) && !tensors.containsKey(other);
            renamed.put(exchange ? other : name, tensor);
        });
        return renamed;
    }

    /// How many of the model's tensors this has, those of the right shape counting more.
    long score(ModelShapes model) {
        return tensors.entrySet().stream()
                .filter(entry -> model.wants(entry.getKey()))
                .mapToLong(
                        entry -> entry.getValue().shape().equals(model.shapes().get(entry.getKey())) ? 2 : 1)
                .sum();
    }
}
