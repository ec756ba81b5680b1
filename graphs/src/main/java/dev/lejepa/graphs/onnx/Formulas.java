package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fused formulas as functions of a graph: a runtime that knows nothing of them puts their nodes in their place, ours
/// compiles them ([Formula]).
final class Formulas {
    /// What their names begin with.
    static final String NAME = "Fused_";

    private Formulas() {}

    /// The formula as a function that has no name yet.
    static FunctionProto body(Graph formula) {
        var labels = new HashMap<Value, String>();
        formula.outputs().forEach((label, v) -> labels.put(v, label));
        var f = new FunctionBody(
                "",
                List.copyOf(formula.inputs().keySet()),
                List.copyOf(formula.outputs().keySet()),
                List.of());
        append(f, formula, labels, List.copyOf(formula.inputs().keySet()));
        return f.build();
    }

    /// Appends a graph's nodes to a function.
    ///
    /// @param labels names that results must have
    /// @param operands names of what stands for the graph's inputs
    /// @return names of the graph's outputs
    static List<String> append(FunctionBody f, Graph graph, Map<Value, String> labels, List<String> operands) {
        var names = new HashMap<Value, String>();
        graph.inputs().values().forEach(v -> names.put(v, operands.get(names.size())));
        for (var n : graph.nodes()) {
            if (!(n.op() instanceof Leaf.Input)) {
                var inside = n.inputs().stream().map(v -> name(names, v)).toList();
                var label = labels.getOrDefault(n.output(), f.unusedName(n.op().name()));
                names.put(n.output(), append(f, n, inside, label));
            }
        }
        return graph.outputs().values().stream().map(v -> name(names, v)).toList();
    }

    private static String name(Map<Value, String> names, Value v) {
        var name = names.get(v);
        if (name == null) {
            throw new IllegalStateException(Text.format("%s of %s has no name", v, v.node()));
        }
        return name;
    }

    /// @return the result's name
    private static String append(FunctionBody f, Node n, List<String> operands, String name) {
        switch (n.op()) {
            case Leaf.Constant c -> {
                return f.constant(c.value());
            }
            case Elementwise.Unary(var function) -> apply(f, function, operands, name);
            case Elementwise.Binary _ -> f.define(name, n.op().name(), operands);
            case Reduction.ReduceSum s -> reduce(f, s.name(), operands, name, s.keepDims());
            case Reduction.ReduceMean m -> reduce(f, m.name(), operands, name, m.keepDims());
            case Leaf.Input _, Elementwise.UnaryGrad _, Elementwise.StopGradient _ -> throw noFormula(n);
            case Elementwise.Cast _, Elementwise.Clip _, Elementwise.Compare _, Elementwise.Where _ ->
                throw noFormula(n);
            case Reduction.ReduceMax _ -> throw noFormula(n);
            case Product _, Convolution _, Pooling _, Movement _, Activation _, SelfAttention _, Norm _ ->
                throw noFormula(n);
            case Statistic _, Loss _, Rewritten _, Optimizer _ -> throw noFormula(n);
        }
        return name;
    }

    private static IllegalArgumentException noFormula(Node n) {
        return new IllegalArgumentException(Text.format("a formula of columns cannot hold %s", n));
    }

    private static void apply(FunctionBody f, UnaryFunction function, List<String> operands, String name) {
        switch (function) {
            case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, SIGN, ABS, RELU, SIGMOID, TANH, HARD_SWISH ->
                f.define(name, function.label(), operands);
            case HARD_SIGMOID -> f.define(name, function.label(), operands, Activations.HARD_SIGMOID);
            case SILU -> f.defineOurs(List.of(name), OwnOperator.SILU.name(Form.FLOAT32), operands, List.of());
            case LOG_NDTR -> f.defineOurs(List.of(name), OwnOperator.LOG_NDTR.name(Form.FLOAT32), operands, List.of());
        }
    }

    private static void reduce(FunctionBody f, String op, List<String> operands, String name, boolean keepDims) {
        f.define(name, op, List.of(operands.getFirst(), f.integers(-2)), attribute("keepdims", keepDims));
    }

    /// The results of a formula of these operands, node by node.
    static List<Value> apply(Graph formula, List<Value> operands) {
        var known = new HashMap<Value, Value>();
        formula.inputs().values().forEach(v -> known.put(v, operands.get(known.size())));
        var graph = operands.getFirst().graph();
        for (var n : formula.nodes()) {
            if (!(n.op() instanceof Leaf.Input)) {
                var inside = n.inputs().stream().map(known::get).toList();
                var results = graph.apply(n.op(), inside);
                n.outputs().forEach(v -> known.put(v, results.get(v.index())));
            }
        }
        return formula.outputs().values().stream().map(known::get).toList();
    }
}
