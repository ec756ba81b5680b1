package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The registers that stand for the names in a function, of which the first are its inputs, and what its nodes say in
/// any formula.
final class Registers {
    private final FunctionProto function;
    private final Map<String, Integer> byName = new HashMap<>();
    private int count;

    Registers(FunctionProto function) {
        this.function = function;
        function.getInputList().forEach(this::set);
    }

    /// How many there are.
    int count() {
        return count;
    }

    /// A new register for a name.
    int set(String name) {
        byName.put(name, count);
        return count++;
    }

    /// Another name for a register.
    void alias(String name, int register) {
        byName.put(name, register);
    }

    /// @throws IllegalArgumentException if no node before made the operand
    int operand(NodeProto n, int index) {
        return of(n.getInput(index));
    }

    /// @throws IllegalArgumentException if no node made a value of this name
    int of(String name) {
        var register = byName.get(name);
        if (register == null) {
            throw new IllegalArgumentException(Text.format("%s: '%s' is made by no node", function.getName(), name));
        }
        return register;
    }

    /// The number that a constant holds; none for one of integers, which are the axes of sums.
    static Optional<Float> number(NodeProto constant) {
        var tensor = constant.getAttribute(0).getT();
        return tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE
                ? Optional.of(tensor.getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat())
                : Optional.empty();
    }

    static UnaryFunction unary(NodeProto n) {
        return named(n, UnaryFunction.values(), UnaryFunction::label);
    }

    static BinaryFunction binary(NodeProto n) {
        return named(n, BinaryFunction.values(), BinaryFunction::label);
    }

    private static <F> F named(NodeProto n, F[] functions, Function<F, String> label) {
        return Arrays.stream(functions)
                .filter(f -> label.apply(f).equals(n.getOpType()))
                .findFirst()
                .orElseThrow(() -> noFunction(n));
    }

    static IllegalArgumentException noFunction(NodeProto n) {
        return new IllegalArgumentException(
                Text.format("%s of %d operands is no elementary operation", n.getOpType(), n.getInputCount()));
    }
}
