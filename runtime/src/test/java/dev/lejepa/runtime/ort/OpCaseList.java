package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.function.Function;

/// A list of cases under construction.
record OpCaseList(List<OpCase> list) {
    /// A case with one result.
    void one(String op, String what, Function<OpCase.Feeds, Value> build) {
        add(op, what, f -> List.of(build.apply(f)));
    }

    void add(String op, String what, Function<OpCase.Feeds, List<Value>> build) {
        list.add(new OpCase(op, what, build));
    }
}
