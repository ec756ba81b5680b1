package dev.lejepa.graphs.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What a file of weights holds under one key.
public sealed interface WeightsNode {

    /// A tensor.
    record Leaf(StoredTensor tensor) implements WeightsNode {}

    /// A dictionary, in the order of the file. Keys that are no texts stand as Python prints them.
    record Group(SequencedMap<String, WeightsNode> entries) implements WeightsNode {
        public Group {
            entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
        }

        /// The tensors that stand directly in this dictionary.
        public SequencedMap<String, StoredTensor> tensors() {
            var tensors = new LinkedHashMap<String, StoredTensor>();
            entries.forEach((key, node) -> {
                if (node instanceof Leaf(var tensor)) {
                    tensors.put(key, tensor);
                }
            });
            return tensors;
        }
    }

    /// Anything else: a number, a text, a list, an object of some class.
    ///
    /// @param what it is, in words
    /// @param object whether it is an object of a class that is not known here
    record Other(String what, boolean object) implements WeightsNode {}
}
