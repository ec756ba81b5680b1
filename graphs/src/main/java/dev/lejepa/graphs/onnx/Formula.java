package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A formula that a graph holds as a function, for an engine to compile: what is done with every element of columns
/// `[..., N, S]`, in registers. The first registers are the inputs; each step sets the next one.
///
/// @param name of the operator whose nodes stand for it, in the domain `dev.lejepa`
/// @param inputs how many there are; each has the columns' shape or is broadcast to it
/// @param steps in order
/// @param results in the order of the operator's outputs
public record Formula(String name, int inputs, List<Step> steps, List<Result> results) {
    /// What sets one register.
    public sealed interface Step {}

    /// The same number for every element.
    public record Number(float value) implements Step {}

    /// A function of one register.
    public record Unary(UnaryFunction function, int operand) implements Step {}

    /// A function of two registers.
    public record Binary(BinaryFunction function, int first, int second) implements Step {}

    /// What becomes of a register.
    ///
    /// @param sum empty if the result has the columns' shape
    public record Result(int register, Optional<Sum> sum) {}

    /// A sum over the rows of columns.
    ///
    /// @param mean whether it is divided by their number
    /// @param keepDims whether the rows' axis stays, with length 1
    public record Sum(boolean mean, boolean keepDims) {}

    /// The formulas of a file.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if it is no ONNX file, or a formula in it is damaged
    /// @throws IOException if it cannot be read
    public static List<Formula> in(Path file) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            return in(PathText.shown(file), stream);
        }
    }

    /// The formulas of a model: its functions alone are parsed, everything else is skipped.
    ///
    /// @param origin names the model in messages
    /// @throws dev.lejepa.graphs.BadInputException if it is no ONNX file, or a formula in it is damaged
    /// @throws IOException if it cannot be read
    public static List<Formula> in(String origin, InputStream model) throws IOException {
        return FunctionReader.in(origin, FunctionReader.all(origin, model), Formulas.NAME, f -> new Reader(f).read());
    }

    /// Reads a function's nodes.
    private static final class Reader {
        private final FunctionProto function;
        private final Registers registers;
        private final Map<String, Result> sums = new HashMap<>();
        private final List<Step> steps = new ArrayList<>();

        Reader(FunctionProto function) {
            this.function = function;
            this.registers = new Registers(function);
        }

        Formula read() {
            function.getNodeList().forEach(this::read);
            return new Formula(
                    function.getName(),
                    function.getInputCount(),
                    List.copyOf(steps),
                    function.getOutputList().stream().map(this::result).toList());
        }

        private void read(NodeProto node) {
            switch (node.getOpType()) {
                case "Constant" -> Registers.number(node).ifPresent(number -> set(node, new Number(number)));
                case "ReduceSum" -> sums.put(node.getOutput(0), sum(node, false));
                case "ReduceMean" -> sums.put(node.getOutput(0), sum(node, true));
                default -> set(node, function(node));
            }
        }

        private Step function(NodeProto node) {
            return switch (node.getInputCount()) {
                case 1 -> new Unary(Registers.unary(node), registers.operand(node, 0));
                case 2 -> new Binary(Registers.binary(node), registers.operand(node, 0), registers.operand(node, 1));
                default -> throw Registers.noFunction(node);
            };
        }

        private void set(NodeProto node, Step step) {
            steps.add(step);
            registers.set(node.getOutput(0));
        }

        private Result sum(NodeProto node, boolean mean) {
            var keepDims = node.getAttributeList().stream()
                    .filter(a -> a.getName().equals("keepdims"))
                    .mapToLong(AttributeProto::getI)
                    .anyMatch(k -> k != 0);
            return new Result(registers.operand(node, 0), Optional.of(new Sum(mean, keepDims)));
        }

        private Result result(String name) {
            var sum = sums.get(name);
            return sum != null ? sum : new Result(registers.of(name), Optional.empty());
        }
    }
}
