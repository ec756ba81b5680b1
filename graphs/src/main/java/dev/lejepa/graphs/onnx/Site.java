package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One node of the IR while it is lowered: its operands in the ONNX graph, and the means to append there.
///
/// The node that stands for the operator itself has the name of the place, `blocks.0.attn/MatMul_37`; helpers around
/// it have names below that.
final class Site {
    private final Lowering lowering;
    private final Node node;
    private final List<Ref> operands;
    private final String path;
    private int helpers;

    Site(Lowering lowering, Node node, List<Ref> operands, String path) {
        this.lowering = lowering;
        this.node = node;
        this.operands = operands;
        this.path = path;
    }

    private Target target() {
        return lowering.target();
    }

    boolean has(Target.Capability capability) {
        return target().has(capability);
    }

    Lowering lowering() {
        return lowering;
    }

    /// The only result.
    Value output() {
        return node.output();
    }

    List<Ref> in() {
        return operands;
    }

    Ref in(int i) {
        return operands.get(i);
    }

    /// The type of a result.
    Type type(int i) {
        return node.outputs().get(i).type();
    }

    /// The type of the only result.
    Type type() {
        return node.output().type();
    }

    boolean used(int result) {
        return lowering.used(node.outputs().get(result));
    }

    /// Whether a result is an output of the graph, or read by a node of these operators.
    boolean readBy(int result, Predicate<Op> operators) {
        var value = node.outputs().get(result);
        return value.graph().outputs().containsValue(value)
                || lowering.readers(value).stream().anyMatch(n -> operators.test(n.op()));
    }

    // ---- the operator as one node

    /// One ONNX operator with the same operands and results.
    List<Ref> onnx(String op, AttributeProto... attributes) {
        return whole(GraphWriter.STANDARD, op, operands, node.outputs().size(), attributes);
    }

    /// One ONNX operator whose last results are optional, and left out where nothing needs them.
    List<Ref> onnxOptional(String op, AttributeProto... attributes) {
        var results = node.outputs().size();
        while (results > 1 && !used(results - 1)) {
            results--;
        }
        return whole(GraphWriter.STANDARD, op, operands, results, attributes);
    }

    /// One ONNX operator with other operands and the same results.
    List<Ref> whole(String op, List<Ref> inputs, AttributeProto... attributes) {
        return whole(GraphWriter.STANDARD, op, inputs, node.outputs().size(), attributes);
    }

    /// One operator of ONNX Runtime with other operands and the same results.
    List<Ref> wholeFused(String op, List<Ref> inputs, AttributeProto... attributes) {
        return whole(GraphWriter.MICROSOFT, op, inputs, node.outputs().size(), attributes);
    }

    /// One operator of ONNX Runtime with the same operands and results.
    List<Ref> fused(String op, AttributeProto... attributes) {
        return whole(GraphWriter.MICROSOFT, op, operands, node.outputs().size(), attributes);
    }

    /// Whether the first operand or the first result is bfloat16.
    boolean mixed() {
        return in(0).type().dtype() == DType.BFLOAT16 || type(0).dtype() == DType.BFLOAT16;
    }

    /// Whether the target has a kernel of ours for these element types.
    boolean has(OwnOperator op) {
        return Form.find(in(0).type().dtype(), type(0).dtype())
                .filter(form -> target().has(op, form))
                .isPresent();
    }

    /// One operator of ours with the same operands and results, on their element types.
    List<Ref> ours(OwnOperator op, AttributeProto... attributes) {
        return ours(op, operands, attributes);
    }

    /// One operator of ours with other operands and the same results.
    List<Ref> ours(OwnOperator op, List<Ref> inputs, AttributeProto... attributes) {
        var written = Stream.of(attributes).map(AttributeProto::getName).toList();
        var expected = op.attributeNames();
        if (!written.equals(expected)) {
            throw new IllegalStateException(
                    Text.format("%s: attributes of %s are %s, found %s", path, op, expected, written));
        }
        var name = op.on(Form.of(in(0).type().dtype(), type(0).dtype())).name();
        return whole(GraphWriter.LEJEPA, name, inputs, node.outputs().size(), attributes);
    }

    /// The second result of an operator of ONNX Runtime; nothing computes its first.
    List<Ref> secondOfFused(String op, List<Ref> inputs, AttributeProto... attributes) {
        return lowering.writer()
                .node(
                        GraphWriter.MICROSOFT,
                        op,
                        path,
                        inputs,
                        1,
                        List.of(node.output().type()),
                        attributes);
    }

    /// One function of the graph with the same operands and results.
    List<Ref> call(String function) {
        return whole(GraphWriter.LEJEPA, function, operands, node.outputs().size());
    }

    /// One ONNX operator that takes the operand and some constants.
    List<Ref> withConstants(String op, List<Ref> constants, AttributeProto... attributes) {
        var all = new ArrayList<>(operands);
        all.addAll(constants);
        return whole(GraphWriter.STANDARD, op, all, node.outputs().size(), attributes);
    }

    /// One operator of a domain with other operands and the same results.
    List<Ref> whole(String domain, String op, List<Ref> inputs, AttributeProto... attributes) {
        return whole(domain, op, inputs, node.outputs().size(), attributes);
    }

    private List<Ref> whole(String domain, String op, List<Ref> inputs, int results, AttributeProto... attributes) {
        var types = node.outputs().subList(0, results).stream().map(Value::type).toList();
        return lowering.writer().node(domain, op, path, inputs, types, attributes);
    }

    // ---- the operator as several nodes

    /// A helper node of ONNX with one result.
    Ref node(String op, Type type, List<Ref> inputs, AttributeProto... attributes) {
        return node(GraphWriter.STANDARD, op, type, inputs, attributes);
    }

    /// A helper node with one result.
    Ref node(String domain, String op, Type type, List<Ref> inputs, AttributeProto... attributes) {
        return lowering.writer()
                .node(domain, op, helper(op), inputs, List.of(type), attributes)
                .getFirst();
    }

    /// A helper node of ONNX with several results.
    List<Ref> nodes(String op, List<Type> types, List<Ref> inputs, AttributeProto... attributes) {
        return lowering.writer().node(GraphWriter.STANDARD, op, helper(op), inputs, types, attributes);
    }

    /// A helper node of ONNX Runtime.
    List<Ref> fusedNodes(String op, List<Type> types, List<Ref> inputs, AttributeProto... attributes) {
        return lowering.writer().node(GraphWriter.MICROSOFT, op, helper(op), inputs, types, attributes);
    }

    /// A value in another element type, made once for all who want it.
    Ref cast(Ref x, DType to) {
        if (x.type().dtype() == to) {
            return x;
        }
        var number = Protos.dataType(to).getNumber();
        return shared(
                        to.label() + " of " + x.name(),
                        () -> List.of(
                                node("Cast", new Type(to, x.shape()), List.of(x), Protos.attribute("to", number))))
                .getFirst();
    }

    /// The operator as a formula over the operands, lowered in its place.
    List<Ref> formula(Function<List<Value>, List<Value>> formula) {
        return formula(operands, formula);
    }

    /// The operator as a formula over float32: operands in bfloat16 are widened, results rounded to what is wanted.
    List<Ref> wide(Function<List<Value>, List<Value>> formula) {
        return formula(in -> {
            var exact = formula.apply(in.stream()
                    .map(v -> v.type().dtype() == DType.BFLOAT16 ? v.cast(DType.FLOAT32) : v)
                    .toList());
            return IntStream.range(0, exact.size())
                    .mapToObj(i -> exact.get(i).cast(type(i).dtype()))
                    .toList();
        });
    }

    /// The results of a formula, lowered in this place; parts that no wanted result needs are left out.
    List<Ref> formula(List<Ref> arguments, Function<List<Value>, List<Value>> formula) {
        return lowering.inline(helperScope(), arguments, formula, this::used);
    }

    /// One value by a formula.
    Ref value(List<Ref> arguments, Function<List<Value>, Value> formula) {
        return values(arguments, in -> List.of(formula.apply(in))).getFirst();
    }

    /// All values of a formula.
    List<Ref> values(List<Ref> arguments, Function<List<Value>, List<Value>> formula) {
        return lowering.inline(helperScope(), arguments, formula);
    }

    /// What all places have in common under this key, made at the first of them.
    List<Ref> shared(String key, Supplier<List<Ref>> make) {
        return lowering.shared(key, make);
    }

    /// Whether an operand is an input of the graph.
    boolean isInput(int index) {
        return node.inputs().get(index).node().op() instanceof Leaf.Input;
    }

    /// How many nodes of this operator read the value that is this node's operand `index`.
    long readers(int index) {
        return sameOperand(index).count();
    }

    /// How many of those [#readers(int)] come before this node.
    long readersBefore(int index) {
        return sameOperand(index).filter(n -> n.id() < node.id()).count();
    }

    private Stream<Node> sameOperand(int index) {
        var value = node.inputs().get(index);
        return value.graph().nodes().stream()
                .filter(n -> n.op().name().equals(node.op().name())
                        && n.inputs().get(index).equals(value));
    }

    /// A float32 number.
    Ref number(double value) {
        return constant(Tensor.scalar(value));
    }

    Ref constant(Tensor tensor) {
        return lowering.writer().constant(tensor);
    }

    Ref constant(long... elements) {
        return lowering.writer().constant(elements);
    }

    Ref constant(List<Long> elements) {
        return constant(elements.stream().mapToLong(Long::longValue).toArray());
    }

    Ref constantInts(List<Integer> elements) {
        return constant(elements.stream().mapToLong(Integer::longValue).toArray());
    }

    Ref batchSize() {
        return lowering.shared("batch size", () -> List.of(lowering.writer().batchSize()))
                .getFirst();
    }

    static List<Ref> list(Ref... refs) {
        return Arrays.asList(refs);
    }

    private String helperScope() {
        return helpers++ == 0 ? path : path + "." + helpers;
    }

    private String helper(String op) {
        return helpers++ == 0 ? path + "/" + op : path + "/" + op + "_" + helpers;
    }
}
