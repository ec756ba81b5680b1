package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import java.util.Optional;
import java.util.stream.Stream;

/// The element types that an operator of ours is computed on: that of its first operand and that of its first result.
public enum Form {
    FLOAT32(DType.FLOAT32, DType.FLOAT32, ""),
    BFLOAT16(DType.BFLOAT16, DType.BFLOAT16, "BFloat16"),
    BFLOAT16_TO_FLOAT32(DType.BFLOAT16, DType.FLOAT32, "BFloat16ToFloat"),
    FLOAT32_TO_BFLOAT16(DType.FLOAT32, DType.BFLOAT16, "FloatToBFloat16");

    private final DType operand;
    private final DType result;
    private final String suffix;

    Form(DType operand, DType result, String suffix) {
        this.operand = operand;
        this.result = result;
        this.suffix = suffix;
    }

    public DType operand() {
        return operand;
    }

    public DType result() {
        return result;
    }

    /// What the names of operators end with that are computed on it.
    String suffix() {
        return suffix;
    }

    /// The form with these types, if there is one.
    static Optional<Form> find(DType operand, DType result) {
        return Stream.of(values())
                .filter(f -> f.operand == operand && f.result == result)
                .findFirst();
    }

    /// @throws IllegalArgumentException if there is none with these types
    static Form of(DType operand, DType result) {
        return find(operand, result)
                .orElseThrow(() -> new IllegalArgumentException(
                        Text.format("no operator of ours makes %s of %s", result.label(), operand.label())));
    }
}
