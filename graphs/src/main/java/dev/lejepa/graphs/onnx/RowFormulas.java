package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Formulas of rows as functions of a graph: a runtime that knows nothing of them puts their nodes in their place, ours
/// compiles them ([RowFormula]).
final class RowFormulas {
    /// What their names begin with.
    static final String NAME = "Rows_";

    private RowFormulas() {}

    /// The formula as a function that has no name yet.
    static FunctionProto body(Graph formula) {
        var names = new HashMap<Value, String>();
        var f = FunctionBody.of(formula, names);
        for (var n : formula.nodes()) {
            append(f, n, names);
        }
        return f.build();
    }

    private static void append(FunctionBody f, Node n, Map<Value, String> names) {
        switch (n.op()) {
            case Leaf.Input _ -> {}
            case Leaf.Constant c -> names.put(n.output(), f.constant(c.value()));
            case Elementwise.Unary u -> f.define(results(f, n, names), u.name(), operands(n, names));
            case Elementwise.Binary b -> f.define(results(f, n, names), b.name(), operands(n, names));
            case Elementwise.Cast c ->
                f.define(
                        results(f, n, names),
                        "Cast",
                        operands(n, names),
                        attribute("to", Protos.dataType(c.to()).getNumber()));
            case Activation.Gelu g -> f.defineOurs(results(f, n, names), g.name(), operands(n, names), List.of());
            case Activation.GeluGrad g -> f.defineOurs(results(f, n, names), g.name(), operands(n, names), List.of());
            case Norm.LayerNorm norm ->
                f.define(
                        results(f, n, names),
                        "LayerNormalization",
                        operands(n, names),
                        attribute("axis", -1L),
                        attribute("epsilon", norm.epsilon()));
            case Norm.LayerNormGrad g -> f.defineOurs(results(f, n, names), g.name(), operands(n, names), List.of());
            case Reduction.ReduceSum s -> {
                var axes = s.axes().stream().mapToLong(Integer::longValue).toArray();
                var inputs = new ArrayList<>(operands(n, names));
                inputs.add(f.integers(axes));
                f.define(results(f, n, names), s.name(), inputs, attribute("keepdims", s.keepDims()));
            }
            case Op other -> throw new IllegalArgumentException(Text.format("a formula of rows cannot hold %s", other));
        }
    }

    private static List<String> operands(Node n, Map<Value, String> names) {
        return n.inputs().stream().map(names::get).toList();
    }

    /// Names of the node's results: those of the formula where they are its own.
    private static List<String> results(FunctionBody f, Node n, Map<Value, String> names) {
        for (var v : n.outputs()) {
            names.putIfAbsent(v, f.unusedName(n.op().name()) + (v.index() == 0 ? "" : "_" + v.index()));
        }
        return n.outputs().stream().map(names::get).toList();
    }
}
