package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

    /// The formulas of rows of a file.
    ///
    /// @throws BadInputException if it is no ONNX file, or a formula in it is damaged
    /// @throws IOException if it cannot be read
    public static List<RowFormula> in(Path file) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            return in(PathText.shown(file), stream);
        }
    }

    /// The formulas of rows of a model.
    ///
    /// @param origin names the model in messages
    /// @throws BadInputException if it is no ONNX file, or a formula in it is damaged
    /// @throws IOException if it cannot be read
    public static List<RowFormula> in(String origin, InputStream model) throws IOException {
        return FunctionReader.in(origin, model, RowFormulas.NAME).stream()
                .map(f -> read(origin, f))
                .toList();
    }

    private static RowFormula read(String origin, FunctionProto function) {
        try {
            return new Reader(function).read();
        } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new BadInputException(
                    Text.format("%s: function %s is damaged: %s", origin, function.getName(), e.getMessage()), e);
        }
    }

    /// Reads a function's nodes. A function has no types: an input that is widened first, and an output that is rounded
    /// last, are bfloat16.
    private static final class Reader {
        private static final int WIDEN = TensorProto.DataType.FLOAT_VALUE;

        private final FunctionProto function;
        private final Map<String, Integer> registers = new HashMap<>();
        private final List<Step> steps = new ArrayList<>();
        private final DType[] inputs;
        private final Map<String, DType> rounded = new HashMap<>();
        private int count;

        Reader(FunctionProto function) {
            this.function = function;
            function.getInputList().forEach(this::set);
            this.inputs = new DType[count];
            Arrays.fill(inputs, DType.FLOAT32);
        }

        RowFormula read() {
            function.getNodeList().forEach(this::read);
            var results = function.getOutputList().stream()
                    .map(name -> new Result(register(name), rounded.getOrDefault(name, DType.FLOAT32)))
                    .toList();
            return new RowFormula(function.getName(), List.of(inputs), count, List.copyOf(steps), results);
        }

        private void read(NodeProto n) {
            switch (n.getOpType()) {
                case "Constant" -> constant(n);
                case "ReduceSum" -> {
                    var x = operand(n, 0);
                    steps.add(new RowSum(set(n.getOutput(0)), x));
                }
                case "Cast" -> cast(n);
                case "Gelu" -> {
                    var x = operand(n, 0);
                    steps.add(new Gelu(set(n.getOutput(0)), x));
                }
                case "GeluGrad" -> {
                    var dy = operand(n, 0);
                    var x = operand(n, 1);
                    steps.add(new GeluGrad(set(n.getOutput(0)), dy, x));
                }
                case "LayerNormalization" -> layerNorm(n);
                case "LayerNormGrad" -> layerNormGrad(n);
                default -> function(n);
            }
        }

        /// Those of integers are the axes of sums, which are over all rows.
        private void constant(NodeProto n) {
            if (n.getAttribute(0).getT().getDataType() == TensorProto.DataType.FLOAT_VALUE) {
                steps.add(new Number(set(n.getOutput(0)), number(n)));
            }
        }

        private void cast(NodeProto n) {
            var x = operand(n, 0);
            if (attribute(n, "to").getI() != WIDEN) {
                steps.add(new Round(set(n.getOutput(0)), x));
                rounded.put(n.getOutput(0), DType.BFLOAT16);
            } else {
                registers.put(n.getOutput(0), x);
                if (x < inputs.length) {
                    inputs[x] = DType.BFLOAT16;
                }
            }
        }

        private void function(NodeProto n) {
            switch (n.getInputCount()) {
                case 1 -> {
                    var x = operand(n, 0);
                    var function = named(n, UnaryFunction.values(), UnaryFunction::label);
                    steps.add(new Unary(set(n.getOutput(0)), function, x));
                }
                case 2 -> {
                    var a = operand(n, 0);
                    var b = operand(n, 1);
                    var function = named(n, BinaryFunction.values(), BinaryFunction::label);
                    steps.add(new Binary(set(n.getOutput(0)), function, a, b));
                }
                default -> throw noFunction(n);
            }
        }

        private void layerNorm(NodeProto n) {
            var x = operand(n, 0);
            var scale = operand(n, 1);
            var bias = operand(n, 2);
            var epsilon = attribute(n, "epsilon").getF();
            steps.add(new LayerNorm(
                    set(n.getOutput(0)), set(n.getOutput(1)), set(n.getOutput(2)), x, scale, bias, epsilon));
        }

        private void layerNormGrad(NodeProto n) {
            var dy = operand(n, 0);
            var x = operand(n, 1);
            var scale = operand(n, 2);
            var mean = operand(n, 3);
            var inverse = operand(n, 4);
            steps.add(new LayerNormGrad(
                    set(n.getOutput(0)), set(n.getOutput(1)), set(n.getOutput(2)), dy, x, scale, mean, inverse));
        }

        private static float number(NodeProto n) {
            var bytes = n.getAttribute(0).getT().getRawData().asReadOnlyByteBuffer();
            return bytes.order(ByteOrder.LITTLE_ENDIAN).getFloat();
        }

        private static <F> F named(NodeProto n, F[] functions, Function<F, String> label) {
            return Arrays.stream(functions)
                    .filter(f -> label.apply(f).equals(n.getOpType()))
                    .findFirst()
                    .orElseThrow(() -> noFunction(n));
        }

        private static IllegalArgumentException noFunction(NodeProto n) {
            return new IllegalArgumentException(
                    Text.format("%s of %d operands cannot be in a formula of rows", n.getOpType(), n.getInputCount()));
        }

        private static AttributeProto attribute(NodeProto n, String name) {
            return n.getAttributeList().stream()
                    .filter(a -> a.getName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            Text.format("%s lacks its attribute '%s'", n.getOpType(), name)));
        }

        private int set(String name) {
            registers.put(name, count);
            return count++;
        }

        private int operand(NodeProto n, int index) {
            return register(n.getInput(index));
        }

        private int register(String name) {
            var register = registers.get(name);
            if (register == null) {
                throw new IllegalArgumentException(
                        Text.format("%s: '%s' is made by no node", function.getName(), name));
            }
            return register;
        }
    }
}
