package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// AdamW updates of many weights that a graph holds as one function, for an engine to compute at once. A runtime that
/// knows nothing of it puts its nodes, an `AdamW` for each weight, in its place.
///
/// @param name of the operator whose node stands for it, in the domain `dev.lejepa`
/// @param inputs their element types
/// @param results their element types
/// @param updates in the order of the function
public record UpdateFormula(String name, List<DType> inputs, List<DType> results, List<Update> updates) {
    /// What the functions' names begin with.
    static final String NAME = "Updates_";

    /// What all elements of some weights have in common.
    ///
    /// @param rate the input that is the learning rate, a scalar
    /// @param step the input that is the number of the step, int64 from 1
    /// @param oneMinusBeta1 what beta1 leaves to 1
    /// @param oneMinusBeta2 what beta2 leaves to 1
    public record Settings(
            int rate, int step, double oneMinusBeta1, double oneMinusBeta2, double epsilon, double weightDecay) {}

    /// The update of a weight.
    ///
    /// @param weight number of the input; that of the result is `firstResult`, and moments follow it
    /// @param gradient input, float32 or bfloat16
    /// @param copied whether a fourth result is the new weight in bfloat16
    public record Update(
            Settings settings, int weight, int gradient, int moment1, int moment2, int firstResult, boolean copied) {}

    /// @throws IllegalArgumentException if the function is damaged
    static UpdateFormula read(FunctionProto function) {
        return new Reader(function).read();
    }

    /// The updates as a function that has no name yet.
    static FunctionProto body(Graph formula) {
        var names = new HashMap<Value, String>();
        var f = FunctionBody.of(formula, names);
        for (var n : formula.nodes()) {
            n.outputs().forEach(v -> names.putIfAbsent(v, f.unusedName(n.op().name())));
            append(f, n, names);
        }
        return f.build();
    }

    private static void append(FunctionBody f, Node n, Map<Value, String> names) {
        var operands = n.inputs().stream().map(names::get).toList();
        var results = n.outputs().stream().map(names::get).toList();
        switch (n.op()) {
            case Leaf.Input _ -> {}
            case Elementwise.Cast c ->
                f.define(
                        results,
                        "Cast",
                        operands,
                        attribute("to", Protos.dataType(c.to()).getNumber()));
            case Optimizer.AdamW a ->
                f.defineOurs(results, Updates.own(a).name(Form.FLOAT32), operands, Updates.settings(a));
            case Op other -> throw new IllegalArgumentException(Text.format("updates cannot hold %s", other));
        }
    }

    /// Reads a function's nodes. A function has no types: an input that is widened, and an output that is a rounded
    /// weight, are bfloat16.
    private static final class Reader {
        private final FunctionProto function;
        private final DType[] inputs;
        private final DType[] results;
        private final Map<String, String> widened = new HashMap<>();
        private final List<Update> updates = new ArrayList<>();

        Reader(FunctionProto function) {
            this.function = function;
            this.inputs = new DType[function.getInputCount()];
            this.results = new DType[function.getOutputCount()];
            Arrays.fill(inputs, DType.FLOAT32);
            Arrays.fill(results, DType.FLOAT32);
        }

        UpdateFormula read() {
            function.getNodeList().forEach(this::read);
            return new UpdateFormula(function.getName(), List.of(inputs), List.of(results), List.copyOf(updates));
        }

        private void read(NodeProto n) {
            var updated = updates.isEmpty() ? "" : function.getOutput(updates.getLast().firstResult);
            if (n.getOpType().equals("Cast") && n.getInput(0).equals(updated)) {
                var last = updates.removeLast();
                results[output(n.getOutput(0), last.firstResult + 3)] = DType.BFLOAT16;
                updates.add(new Update(
                        last.settings, last.weight, last.gradient, last.moment1, last.moment2, last.firstResult, true));
            } else if (n.getOpType().equals("Cast")) {
                inputs[input(n.getInput(0))] = DType.BFLOAT16;
                widened.put(n.getOutput(0), n.getInput(0));
            } else {
                update(n);
            }
        }

        private void update(NodeProto n) {
            var step = input(n.getInput(1));
            inputs[step] = DType.INT64;
            var settings = new Settings(
                    input(n.getInput(0)),
                    step,
                    real(n, "one_minus_beta1"),
                    real(n, "one_minus_beta2"),
                    real(n, "epsilon"),
                    real(n, "weight_decay"));
            var first = function.getOutputList().indexOf(n.getOutput(0));
            output(n.getOutput(1), first + 1);
            output(n.getOutput(2), first + 2);
            updates.add(new Update(
                    settings,
                    input(n.getInput(2)),
                    input(n.getInput(3)),
                    input(n.getInput(4)),
                    input(n.getInput(5)),
                    first,
                    false));
        }

        private int input(String name) {
            var place = function.getInputList().indexOf(widened.getOrDefault(name, name));
            if (place < 0) {
                throw new IllegalArgumentException(Text.format("'%s' is none of its inputs", name));
            }
            return place;
        }

        private int output(String name, int expected) {
            if (expected >= function.getOutputCount()
                    || !function.getOutput(expected).equals(name)) {
                throw new IllegalArgumentException(Text.format("'%s' is not its result %d", name, expected));
            }
            return expected;
        }

        private static double real(NodeProto n, String name) {
            return n.getAttributeList().stream()
                    .filter(a -> a.getName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            Text.format("%s lacks its attribute '%s'", n.getOpType(), name)))
                    .getF();
        }
    }
}
