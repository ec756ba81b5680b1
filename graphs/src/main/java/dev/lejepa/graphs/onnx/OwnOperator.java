package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Form.BFLOAT16;
import static dev.lejepa.graphs.onnx.Form.BFLOAT16_TO_FLOAT32;
import static dev.lejepa.graphs.onnx.Form.FLOAT32;
import static dev.lejepa.graphs.onnx.Form.FLOAT32_TO_BFLOAT16;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import java.util.List;
import java.util.stream.Stream;

/// The operators of ours that graphs may hold: names, operands, results and attributes, and where there are kernels for
/// them. Lowering writes their nodes, [Functions] says what they mean in standard ONNX, a runtime computes them.
public enum OwnOperator {
    GEMM(
            "Gemm",
            List.of(x("A"), x("B"), wide("C")),
            1,
            List.of(y("Y")),
            List.of("transA", "transB"),
            List.of(FLOAT32, BFLOAT16, BFLOAT16_TO_FLOAT32),
            List.of()),
    SORT("Sort", List.of(x("X")), List.of(y("Y"), index("P")), List.of(), List.of(FLOAT32), List.of()),
    UNSORT("Unsort", List.of(x("dY"), index("P")), List.of(y("dX")), List.of(), List.of(FLOAT32), List.of()),
    ECF("Ecf", List.of(x("X")), List.of(y("C"), y("S")), List.of("knots", "step"), List.of(FLOAT32), List.of()),
    ECF_GRAD(
            "EcfGrad",
            List.of(x("dC"), x("dS"), x("X")),
            List.of(y("dX")),
            List.of("knots", "step"),
            List.of(FLOAT32),
            List.of()),
    GELU("Gelu", List.of(x("X")), List.of(y("Y")), List.of(), List.of(FLOAT32, BFLOAT16), List.of()),
    GELU_GRAD("GeluGrad", List.of(x("dY"), x("X")), List.of(y("dX")), List.of(), List.of(FLOAT32, BFLOAT16), List.of()),
    LAYER_NORM_GRAD(
            "LayerNormGrad",
            List.of(x("dY"), x("X"), wide("scale"), wide("mean"), wide("inv_std_dev")),
            List.of(y("dX"), wide("dscale"), wide("dbias")),
            List.of(),
            List.of(FLOAT32),
            List.of()),
    ATTENTION(
            "Attention",
            List.of(x("QKV")),
            List.of(y("Y"), wide("L")),
            List.of("heads"),
            List.of(FLOAT32, BFLOAT16),
            List.of(BFLOAT16)),
    ATTENTION_GRAD(
            "AttentionGrad",
            List.of(x("dY"), x("QKV"), x("Y"), wide("L")),
            List.of(y("dQKV")),
            List.of("heads"),
            List.of(FLOAT32, BFLOAT16),
            List.of(BFLOAT16)),
    /// It stands in fused formulas alone, which have kernels of their own.
    LOG_NDTR("LogNdtr", List.of(x("X")), List.of(y("Y")), List.of(), List.of(), List.of()),
    LAYER_NORM(
            "LayerNorm",
            List.of(x("X"), wide("scale"), wide("bias")),
            List.of(y("Y"), wide("mean"), wide("inv_std_dev")),
            List.of("epsilon"),
            List.of(FLOAT32_TO_BFLOAT16),
            List.of()),
    CAST(
            "Cast",
            List.of(x("X")),
            List.of(y("Y")),
            List.of(),
            List.of(FLOAT32_TO_BFLOAT16, BFLOAT16_TO_FLOAT32),
            List.of());

    /// What decides the element type of an operand or a result.
    private enum Kind {
        /// The form's operand.
        X,
        /// The form's result.
        Y,
        FLOAT32,
        INT64
    }

    /// An operand or a result.
    private record Slot(String name, Kind kind) {
        DType type(Form form) {
            return switch (kind) {
                case X -> form.operand();
                case Y -> form.result();
                case FLOAT32 -> DType.FLOAT32;
                case INT64 -> DType.INT64;
            };
        }
    }

    private final String label;
    private final List<Slot> operands;
    private final int optional;
    private final List<Slot> results;
    private final List<String> attributes;
    private final List<Form> onHost;
    private final List<Form> onCuda;

    /// @param optional how many operands, at the end, a node may lack
    /// @param onHost forms that have kernels for host cores
    /// @param onCuda forms that have CUDA kernels
    OwnOperator(
            String label,
            List<Slot> operands,
            int optional,
            List<Slot> results,
            List<String> attributes,
            List<Form> onHost,
            List<Form> onCuda) {
        this.label = label;
        this.operands = operands;
        this.optional = optional;
        this.results = results;
        this.attributes = attributes;
        this.onHost = onHost;
        this.onCuda = onCuda;
    }

    OwnOperator(
            String label,
            List<Slot> operands,
            List<Slot> results,
            List<String> attributes,
            List<Form> onHost,
            List<Form> onCuda) {
        this(label, operands, 0, results, attributes, onHost, onCuda);
    }

    private static Slot x(String name) {
        return new Slot(name, Kind.X);
    }

    private static Slot y(String name) {
        return new Slot(name, Kind.Y);
    }

    private static Slot wide(String name) {
        return new Slot(name, Kind.FLOAT32);
    }

    private static Slot index(String name) {
        return new Slot(name, Kind.INT64);
    }

    /// What its nodes look like that are computed on a form.
    ///
    /// @throws IllegalArgumentException if it is not defined for that form
    public Signature on(Form form) {
        if (!forms().contains(form)) {
            throw new IllegalArgumentException(Text.format("%s is not defined for %s", label, form));
        }
        return new Signature(
                name(form),
                operands.stream().map(s -> s.type(form)).toList(),
                optional,
                results.stream().map(s -> s.type(form)).toList());
    }

    /// Forms that have kernels for host cores.
    public List<Form> onHost() {
        return onHost;
    }

    /// Forms that have CUDA kernels.
    public List<Form> onCuda() {
        return onCuda;
    }

    /// The name of its nodes' type.
    String name(Form form) {
        return label + form.suffix();
    }

    /// Forms that it is defined for: those that have kernels, or float32 if none has.
    List<Form> forms() {
        var all = Stream.concat(onHost.stream(), onCuda.stream()).distinct().toList();
        return all.isEmpty() ? List.of(FLOAT32) : all;
    }

    /// Names of the operands in its definition.
    List<String> operandNames() {
        return operands.stream().map(Slot::name).toList();
    }

    /// Names of the results in its definition.
    List<String> resultNames() {
        return results.stream().map(Slot::name).toList();
    }

    /// Names of the attributes, all of which a node has.
    List<String> attributes() {
        return attributes;
    }
}
