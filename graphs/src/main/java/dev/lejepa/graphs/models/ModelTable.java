package dev.lejepa.graphs.models;

import java.util.Collections;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// timm's names of one family and the model that each stands for.
sealed interface ModelTable permits NameTable, ModelTable.OfModels {
    SequencedSet<String> names();

    /// The model of this name, if the family has it.
    Optional<Backbone> find(String name);

    /// A table of models as they are.
    record OfModels(SequencedMap<String, Backbone> models) implements ModelTable {
        @Override
        public SequencedSet<String> names() {
            return Collections.unmodifiableSequencedSet(models.sequencedKeySet());
        }

        @Override
        public Optional<Backbone> find(String name) {
            return Optional.ofNullable(models.get(name));
        }
    }
}
