package dev.lejepa.graphs.pretrained;

import dev.lejepa.graphs.weights.StoredTensor;
import dev.lejepa.graphs.weights.WeightsNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/// A place in a file where a model's tensors may be: a dictionary, and what stands before their names in it.
///
/// @param path keys that lead to the dictionary, with dots; empty for the file's own
/// @param prefix with its dot at the end; empty for none
/// @param tensors all of the dictionary, their names with dots as torch writes them
record Candidate(String path, String prefix, SequencedMap<String, StoredTensor> tensors) {
    /// Prefixes have at most so many words: `module.backbone.`, `model.encoder.vit.`.
    private static final int LONGEST_PREFIX = 4;

    /// Averages over training, which their makers evaluate.
    private static final Set<String> PREFERRED =
            Set.of("state_dict_ema", "model_ema", "ema", "ema_model", "teacher", "target_encoder", "teacher_backbone");

    /// All places of a file, averages over training first.
    static List<Candidate> all(WeightsNode.Group root) {
        var found = new ArrayList<Candidate>();
        collect("", root, found);
        var ordered = new ArrayList<Candidate>();
        found.stream().filter(Candidate::isPreferred).forEach(ordered::add);
        found.stream().filter(c -> !c.isPreferred()).forEach(ordered::add);
        return ordered;
    }

    private static void collect(String path, WeightsNode.Group group, List<Candidate> found) {
        var tensors = new LinkedHashMap<String, StoredTensor>();
        group.tensors().forEach((name, tensor) -> tensors.put(dotted(name), tensor));
        if (!tensors.isEmpty()) {
            prefixes(tensors.keySet()).forEach(prefix -> found.add(new Candidate(path, prefix, tensors)));
        }
        for (Map.Entry<String, WeightsNode> entry : group.entries().entrySet()) {
            if (entry.getValue() instanceof WeightsNode.Group inner) {
                collect(path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), inner, found);
            }
        }
    }

    /// JAX separates the words of a name by slashes.
    private static String dotted(String name) {
        return name.contains(".") ? name : name.replace('/', '.');
    }

    /// What names begin with, up to a number that counts layers.
    private static SequencedSet<String> prefixes(Set<String> names) {
        var prefixes = new LinkedHashSet<String>();
        prefixes.add("");
        for (String name : names) {
            int end = 0;
            for (int words = 0; words < LONGEST_PREFIX; words++) {
                int dot = name.indexOf('.', end);
                if (dot < 0 || words > 0 && isNumber(name.substring(end, dot))) {
                    break;
                }
                end = dot + 1;
                prefixes.add(name.substring(0, end));
            }
        }
        return prefixes;
    }

    private static boolean isNumber(String word) {
        return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private boolean isPreferred() {
        for (String word : (path + "." + prefix).split("\\.")) {
            if (PREFERRED.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /// Keys and prefix in one, for messages; empty where the tensors stand in the file itself under their own names.
    String place() {
        var both = path.isEmpty() || prefix.isEmpty() ? path + prefix : path + "." + prefix;
        return both.endsWith(".") ? both.substring(0, both.length() - 1) : both;
    }
}
