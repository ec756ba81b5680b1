package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Form.BFLOAT16;
import static dev.lejepa.graphs.onnx.Form.BFLOAT16_TO_FLOAT32;
import static dev.lejepa.graphs.onnx.Form.FLOAT32;
import static dev.lejepa.graphs.onnx.Form.FLOAT32_TO_BFLOAT16;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
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
            List.of(integer("transA"), integer("transB")),
            List.of(FLOAT32, BFLOAT16, BFLOAT16_TO_FLOAT32),
            List.of()),
    SORT("Sort", List.of(x("X")), List.of(y("Y"), index("P")), List.of(), List.of(FLOAT32), List.of()),
    UNSORT("Unsort", List.of(x("dY"), index("P")), List.of(y("dX")), List.of(), List.of(FLOAT32), List.of()),
    ECF(
            "Ecf",
            List.of(x("X")),
            List.of(y("C"), y("S")),
            List.of(integer("knots"), real("step")),
            List.of(FLOAT32),
            List.of()),
    ECF_GRAD(
            "EcfGrad",
            List.of(x("dC"), x("dS"), x("X")),
            List.of(y("dX")),
            List.of(integer("knots"), real("step")),
            List.of(FLOAT32),
            List.of()),
    GELU("Gelu", List.of(x("X")), List.of(y("Y")), List.of(), List.of(FLOAT32, BFLOAT16), List.of()),
    GELU_GRAD("GeluGrad", List.of(x("dY"), x("X")), List.of(y("dX")), List.of(), List.of(FLOAT32, BFLOAT16), List.of()),
    ADD("Add", List.of(x("A"), x("B")), List.of(y("C")), List.of(), List.of(BFLOAT16), List.of()),
    MUL("Mul", List.of(x("A"), x("B")), List.of(y("C")), List.of(), List.of(BFLOAT16), List.of()),
    RELU("Relu", List.of(BFLOAT16)),
    RELU_GRAD("ReluGrad", "Y"),
    SIGMOID("Sigmoid", List.of(BFLOAT16)),
    SIGMOID_GRAD("SigmoidGrad", "Y"),
    TANH("Tanh", List.of(BFLOAT16)),
    TANH_GRAD("TanhGrad", "Y"),
    SILU("Silu", List.of(FLOAT32, BFLOAT16)),
    SILU_GRAD("SiluGrad", "X"),
    HARD_SIGMOID("HardSigmoid", List.of(BFLOAT16)),
    HARD_SIGMOID_GRAD("HardSigmoidGrad", "X"),
    HARD_SWISH("HardSwish", List.of(FLOAT32, BFLOAT16)),
    HARD_SWISH_GRAD("HardSwishGrad", "X"),
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
            List.of(integer("heads")),
            List.of(FLOAT32, BFLOAT16),
            List.of(FLOAT32, BFLOAT16)),
    ATTENTION_GRAD(
            "AttentionGrad",
            List.of(x("dY"), x("QKV"), x("Y"), wide("L")),
            List.of(y("dQKV")),
            List.of(integer("heads")),
            List.of(FLOAT32, BFLOAT16),
            List.of(FLOAT32, BFLOAT16)),
    /// Attention of a sum of `QKV` and a bias, rounded, which is made where it is read.
    BIASED_ATTENTION(
            "BiasedAttention",
            List.of(x("QKV"), wide("B")),
            List.of(y("Y"), wide("L")),
            List.of(integer("heads")),
            List.of(),
            List.of(FLOAT32, BFLOAT16)),
    BIASED_ATTENTION_GRAD(
            "BiasedAttentionGrad",
            List.of(x("dY"), x("QKV"), wide("B"), x("Y"), wide("L")),
            List.of(y("dQKV"), wide("dB")),
            List.of(integer("heads")),
            List.of(),
            List.of(FLOAT32, BFLOAT16)),
    /// It stands in fused formulas alone, which have kernels of their own.
    LOG_NDTR("LogNdtr", List.of(x("X")), List.of(y("Y")), List.of(), List.of(), List.of()),
    LAYER_NORM(
            "LayerNorm",
            List.of(x("X"), wide("scale"), wide("bias")),
            List.of(y("Y"), wide("mean"), wide("inv_std_dev")),
            List.of(real("epsilon")),
            List.of(FLOAT32_TO_BFLOAT16),
            List.of()),
    CONV(
            "Conv",
            List.of(x("X"), x("W"), wide("B")),
            1,
            List.of(y("Y")),
            List.of(integer("group"), integers("strides"), integers("pads"), integers("dilations")),
            List.of(FLOAT32, BFLOAT16, BFLOAT16_TO_FLOAT32),
            List.of(BFLOAT16)),
    CONV_DATA_GRAD(
            "ConvDataGrad",
            List.of(x("dY"), x("W")),
            List.of(y("dX")),
            List.of(
                    integer("group"),
                    integers("strides"),
                    integers("pads"),
                    integers("dilations"),
                    integers("output_padding")),
            List.of(FLOAT32, BFLOAT16, BFLOAT16_TO_FLOAT32),
            List.of(BFLOAT16)),
    CONV_WEIGHTS_GRAD(
            "ConvWeightsGrad",
            List.of(x("dY"), x("X")),
            List.of(y("dW")),
            List.of(
                    integer("group"),
                    integers("strides"),
                    integers("pads"),
                    integers("dilations"),
                    integers("kernel_shape")),
            List.of(FLOAT32, BFLOAT16_TO_FLOAT32),
            List.of(BFLOAT16_TO_FLOAT32)),
    MAX_POOL(
            "MaxPool",
            List.of(x("X")),
            List.of(y("Y")),
            List.of(integers("kernel_shape"), integers("strides"), integers("pads")),
            List.of(FLOAT32, BFLOAT16),
            List.of(BFLOAT16)),
    MAX_POOL_GRAD(
            "MaxPoolGrad",
            List.of(x("dY"), x("X")),
            List.of(y("dX")),
            List.of(integers("kernel_shape"), integers("strides"), integers("pads")),
            List.of(FLOAT32, BFLOAT16),
            List.of(BFLOAT16)),
    AVERAGE_POOL(
            "AveragePool",
            List.of(x("X")),
            List.of(y("Y")),
            List.of(integers("kernel_shape"), integers("strides"), integers("pads")),
            List.of(FLOAT32, BFLOAT16),
            List.of(BFLOAT16)),
    AVERAGE_POOL_GRAD(
            "AveragePoolGrad",
            List.of(x("dY")),
            List.of(y("dX")),
            List.of(integers("kernel_shape"), integers("strides"), integers("pads"), integers("output_padding")),
            List.of(FLOAT32, BFLOAT16),
            List.of(BFLOAT16)),
    BATCH_NORM(
            "BatchNorm",
            List.of(x("X"), wide("scale"), wide("bias"), wide("mean"), wide("var")),
            List.of(y("Y"), wide("new_mean"), wide("new_var"), wide("batch_mean"), wide("inv_std_dev")),
            List.of(real("epsilon"), real("momentum"), integer("processes")),
            List.of(FLOAT32, BFLOAT16),
            List.of()),
    BATCH_NORM_GRAD(
            "BatchNormGrad",
            List.of(x("dY"), x("X"), wide("scale"), wide("mean"), wide("inv_std_dev")),
            List.of(y("dX"), wide("dscale"), wide("dbias")),
            List.of(integer("processes")),
            List.of(FLOAT32, BFLOAT16),
            List.of()),
    BATCH_NORM_RELU(
            "BatchNormRelu",
            List.of(x("X"), wide("scale"), wide("bias"), wide("mean"), wide("var")),
            List.of(y("Y"), wide("new_mean"), wide("new_var"), wide("batch_mean"), wide("inv_std_dev")),
            List.of(real("epsilon"), real("momentum"), integer("processes")),
            List.of(FLOAT32, BFLOAT16),
            List.of()),
    BATCH_NORM_RELU_GRAD(
            "BatchNormReluGrad",
            List.of(x("dY"), x("X"), wide("scale"), wide("mean"), wide("inv_std_dev"), wide("bias")),
            List.of(y("dX"), wide("dscale"), wide("dbias")),
            List.of(integer("processes")),
            List.of(FLOAT32, BFLOAT16),
            List.of()),
    ADD_RELU("AddRelu", List.of(x("A"), x("B")), List.of(y("Y")), List.of(), List.of(FLOAT32, BFLOAT16), List.of()),
    CAST(
            "Cast",
            List.of(x("X")),
            List.of(y("Y")),
            List.of(),
            List.of(FLOAT32_TO_BFLOAT16, BFLOAT16_TO_FLOAT32),
            List.of()),
    /// One update of a weight. What the betas leave to 1 are its attributes: of 0.999 itself float32 keeps too little.
    ADAM_W(
            "AdamW",
            List.of(wide("lr"), index("step"), wide("W"), wide("dW"), wide("M"), wide("V")),
            List.of(wide("new_W"), wide("new_M"), wide("new_V")),
            List.of(real("one_minus_beta1"), real("one_minus_beta2"), real("epsilon"), real("weight_decay")),
            List.of(FLOAT32),
            List.of()),
    /// The same, which also gives the new weight in bfloat16.
    ADAM_W_COPY(
            "AdamWCopy",
            List.of(wide("lr"), index("step"), wide("W"), wide("dW"), wide("M"), wide("V")),
            List.of(wide("new_W"), wide("new_M"), wide("new_V"), narrow("copy")),
            List.of(real("one_minus_beta1"), real("one_minus_beta2"), real("epsilon"), real("weight_decay")),
            List.of(FLOAT32),
            List.of());

    /// What decides the element type of an operand or a result.
    private enum Kind {
        /// The form's operand.
        X,
        /// The form's result.
        Y,
        FLOAT32,
        BFLOAT16,
        INT64
    }

    /// An operand or a result.
    private record Slot(String name, Kind kind) {
        DType type(Form form) {
            return switch (kind) {
                case X -> form.operand();
                case Y -> form.result();
                case FLOAT32 -> DType.FLOAT32;
                case BFLOAT16 -> DType.BFLOAT16;
                case INT64 -> DType.INT64;
            };
        }
    }

    private final String label;
    private final List<Slot> operands;
    private final int optional;
    private final List<Slot> results;
    private final List<Attribute> attributes;
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
            List<Attribute> attributes,
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
            List<Attribute> attributes,
            List<Form> onHost,
            List<Form> onCuda) {
        this(label, operands, 0, results, attributes, onHost, onCuda);
    }

    /// A function of one operand.
    OwnOperator(String label, List<Form> onHost) {
        this(label, List.of(x("X")), List.of(y("Y")), List.of(), onHost, List.of());
    }

    /// A derivative times a cotangent.
    ///
    /// @param reads `X` or `Y`: the function's operand or result
    OwnOperator(String label, String reads) {
        this(label, List.of(x("dY"), x(reads)), List.of(y("dX")), List.of(), List.of(FLOAT32, BFLOAT16), List.of());
    }

    /// An attribute of a node, whose value is one number or a list of them.
    record Attribute(String name, AttributeProto.AttributeType type) {}

    private static Attribute integer(String name) {
        return new Attribute(name, AttributeProto.AttributeType.INT);
    }

    private static Attribute real(String name) {
        return new Attribute(name, AttributeProto.AttributeType.FLOAT);
    }

    private static Attribute integers(String name) {
        return new Attribute(name, AttributeProto.AttributeType.INTS);
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

    private static Slot narrow(String name) {
        return new Slot(name, Kind.BFLOAT16);
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

    /// Names of the attributes in its definition.
    List<String> attributeNames() {
        return attributes.stream().map(Attribute::name).toList();
    }

    /// The attributes, all of which a node has.
    List<Attribute> attributes() {
        return attributes;
    }
}
