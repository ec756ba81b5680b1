package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A formula of rows `[..., C]` that a graph holds as a function, for an engine to compile. All is computed in float32,
/// in registers, of which the first are the inputs; a step names those that it sets.
///
/// @param name of the operator whose nodes stand for it, in the domain `dev.lejepa`
/// @param inputs their element types, float32 or bfloat16; each has the rows' shape or is broadcast to it
/// @param registers how many there are
/// @param steps in order
/// @param results in the order of the operator's outputs
public record RowFormula(String name, List<DType> inputs, int registers, List<Step> steps, List<Result> results) {
    /// What sets registers.
    public sealed interface Step {}

    /// The same number for every element.
    public record Number(int y, float value) implements Step {}

    /// A function of one register.
    public record Unary(int y, UnaryFunction function, int x) implements Step {}

    /// A function of two registers.
    public record Binary(int y, BinaryFunction function, int a, int b) implements Step {}

    /// The nearest bfloat16 number.
    public record Round(int y, int x) implements Step {}

    public record Gelu(int y, int x) implements Step {}

    /// `dy` times the derivative of GELU at `x`.
    public record GeluGrad(int y, int dy, int x) implements Step {}

    /// LayerNorm of a row. Mean and inverse deviation are one number for each row.
    public record LayerNorm(int y, int mean, int inverse, int x, int scale, int bias, float epsilon) implements Step {}

    /// The gradient of LayerNorm. Those of scale and bias are rows `[C]`, sums over all rows.
    public record LayerNormGrad(int dx, int dScale, int dBias, int dy, int x, int scale, int mean, int inverse)
            implements Step {}

    /// The sum of a register over all rows, a row `[C]`.
    public record RowSum(int y, int x) implements Step {}

    /// A register that becomes an output.
    ///
    /// @param type float32 or bfloat16
    public record Result(int register, DType type) {}

    /// @throws IllegalArgumentException if the function is damaged
    static RowFormula read(FunctionProto function) {
        return new Reader(function).read();
    }

    /// Reads a function's nodes. A function has no types: an input that is widened first, and an output that is rounded
    /// last, are bfloat16.
    private static final class Reader {
        private static final int WIDEN = TensorProto.DataType.FLOAT_VALUE;

        private final FunctionProto function;
        private final Registers registers;
        private final List<Step> steps = new ArrayList<>();
        private final DType[] inputs;
        private final Map<String, DType> rounded = new HashMap<>();

        Reader(FunctionProto function) {
            this.function = function;
            this.registers = new Registers(function);
            this.inputs = new DType[registers.count()];
            Arrays.fill(inputs, DType.FLOAT32);
        }

        RowFormula read() {
            function.getNodeList().forEach(this::read);
            var results = function.getOutputList().stream()
                    .map(name -> new Result(registers.of(name), rounded.getOrDefault(name, DType.FLOAT32)))
                    .toList();
            return new RowFormula(function.getName(), List.of(inputs), registers.count(), List.copyOf(steps), results);
        }

        /// Operands are looked up before results get their registers: a node reads no name that it sets.
        private void read(NodeProto n) {
            switch (n.getOpType()) {
                case "Constant" -> Registers.number(n).ifPresent(x -> steps.add(new Number(result(n, 0), x)));
                case "ReduceSum" -> {
                    var x = operand(n, 0);
                    steps.add(new RowSum(result(n, 0), x));
                }
                case "Cast" -> cast(n);
                case "Gelu" -> {
                    var x = operand(n, 0);
                    steps.add(new Gelu(result(n, 0), x));
                }
                case "GeluGrad" -> {
                    var dy = operand(n, 0);
                    var x = operand(n, 1);
                    steps.add(new GeluGrad(result(n, 0), dy, x));
                }
                case "LayerNormalization" -> layerNorm(n);
                case "LayerNormGrad" -> layerNormGrad(n);
                default -> function(n);
            }
        }

        private void cast(NodeProto n) {
            var x = operand(n, 0);
            if (attribute(n, "to").getI() != WIDEN) {
                steps.add(new Round(result(n, 0), x));
                rounded.put(n.getOutput(0), DType.BFLOAT16);
            } else {
                registers.alias(n.getOutput(0), x);
                if (x < inputs.length) {
                    inputs[x] = DType.BFLOAT16;
                }
            }
        }

        private void function(NodeProto n) {
            switch (n.getInputCount()) {
                case 1 -> {
                    var x = operand(n, 0);
                    steps.add(new Unary(result(n, 0), Registers.unary(n), x));
                }
                case 2 -> {
                    var a = operand(n, 0);
                    var b = operand(n, 1);
                    steps.add(new Binary(result(n, 0), Registers.binary(n), a, b));
                }
                default -> throw Registers.noFunction(n);
            }
        }

        private void layerNorm(NodeProto n) {
            var x = operand(n, 0);
            var scale = operand(n, 1);
            var bias = operand(n, 2);
            var epsilon = attribute(n, "epsilon").getF();
            steps.add(new LayerNorm(result(n, 0), result(n, 1), result(n, 2), x, scale, bias, epsilon));
        }

        private void layerNormGrad(NodeProto n) {
            var dy = operand(n, 0);
            var x = operand(n, 1);
            var scale = operand(n, 2);
            var mean = operand(n, 3);
            var inverse = operand(n, 4);
            steps.add(new LayerNormGrad(result(n, 0), result(n, 1), result(n, 2), dy, x, scale, mean, inverse));
        }

        private static AttributeProto attribute(NodeProto n, String name) {
            return n.getAttributeList().stream()
                    .filter(a -> a.getName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            Text.format("%s lacks its attribute '%s'", n.getOpType(), name)));
        }

        private int result(NodeProto n, int index) {
            return registers.set(n.getOutput(index));
        }

        private int operand(NodeProto n, int index) {
            return registers.operand(n, index);
        }
    }
}
