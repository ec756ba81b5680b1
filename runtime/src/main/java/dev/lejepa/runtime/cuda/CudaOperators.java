package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.runtime.cudart.Nvrtc;
import dev.lejepa.runtime.kernel.Operator;
import java.util.List;
import java.util.stream.Stream;

/// The operators of `dev.lejepa` that CUDA kernels of ours compute.
public final class CudaOperators implements AutoCloseable {
    private final AttentionCode onBFloat16;
    private final AttentionCode onFloat32;
    private final RowModules rows;
    private final UpdateModules updates;

    /// @param architecture of the device, for instance `sm_90`
    /// @param tf32 whether products may round their float32 operands
    public CudaOperators(Nvrtc compiler, String architecture, boolean tf32) {
        var products = tf32 ? AttentionProducts.TF32 : AttentionProducts.FLOAT32;
        this.onBFloat16 = new AttentionCode(compiler, architecture, AttentionProducts.BFLOAT16);
        this.onFloat32 = new AttentionCode(compiler, architecture, products);
        this.rows = new RowModules(compiler, architecture);
        this.updates = new UpdateModules(compiler, architecture);
    }

    /// Whether a device has the instructions that the kernels use: asynchronous copies and products of bfloat16.
    public static boolean runOn(String architecture) {
        return Integer.parseInt(architecture.substring(architecture.indexOf('_') + 1)) >= 80;
    }

    public List<Operator> all() {
        return Stream.concat(attention(Form.BFLOAT16, onBFloat16), attention(Form.FLOAT32, onFloat32))
                .toList();
    }

    private static Stream<Operator> attention(Form form, AttentionCode code) {
        return Stream.of(
                new Operator(OwnOperator.ATTENTION.on(form), a -> new AttentionKernel(code, a.integer("heads"), false)),
                new Operator(
                        OwnOperator.ATTENTION_GRAD.on(form),
                        a -> new AttentionGradKernel(code, a.integer("heads"), false)),
                new Operator(
                        OwnOperator.BIASED_ATTENTION.on(form),
                        a -> new AttentionKernel(code, a.integer("heads"), true)),
                new Operator(
                        OwnOperator.BIASED_ATTENTION_GRAD.on(form),
                        a -> new AttentionGradKernel(code, a.integer("heads"), true)));
    }

    /// The operator that stands for a formula of rows in the graph that holds it.
    public Operator rows(RowFormula formula) {
        var results = formula.results().stream().map(RowFormula.Result::type).toList();
        return new Operator(
                new Signature(formula.name(), formula.inputs(), 0, results), _ -> new RowKernel(rows, formula));
    }

    /// The operator that stands for all updates in the graph that holds them.
    public Operator updates(UpdateFormula formula) {
        return new Operator(
                new Signature(formula.name(), formula.inputs(), 0, formula.results()),
                _ -> new UpdateKernel(updates, formula));
    }

    /// Frees the compiled code, when no graph uses it any more.
    @Override
    public void close() {
        onBFloat16.close();
        onFloat32.close();
        rows.close();
        updates.close();
    }
}
