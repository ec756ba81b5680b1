package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.runtime.cudart.Nvrtc;
import dev.lejepa.runtime.kernel.Operator;
import java.util.List;

/// The operators of `dev.lejepa` that CUDA kernels of ours compute.
public final class CudaOperators implements AutoCloseable {
    private final KernelModules modules;
    private final AttentionCode attention;

    /// @param architecture of the device, for instance `sm_90`
    public CudaOperators(Nvrtc compiler, String architecture) {
        this.modules = new KernelModules(compiler, architecture);
        this.attention = new AttentionCode(modules);
    }

    /// Whether a device has the instructions that the kernels use: asynchronous copies and products of bfloat16.
    public static boolean runOn(String architecture) {
        return Integer.parseInt(architecture.substring(architecture.indexOf('_') + 1)) >= 80;
    }

    public List<Operator> all() {
        return List.of(
                new Operator(
                        OwnOperator.ATTENTION.on(Form.BFLOAT16),
                        a -> new AttentionKernel(attention, a.integer("heads"), false)),
                new Operator(
                        OwnOperator.ATTENTION_GRAD.on(Form.BFLOAT16),
                        a -> new AttentionGradKernel(attention, a.integer("heads"), false)),
                new Operator(
                        OwnOperator.BIASED_ATTENTION.on(Form.BFLOAT16),
                        a -> new AttentionKernel(attention, a.integer("heads"), true)),
                new Operator(
                        OwnOperator.BIASED_ATTENTION_GRAD.on(Form.BFLOAT16),
                        a -> new AttentionGradKernel(attention, a.integer("heads"), true)));
    }

    /// The operator that stands for a formula of rows in the graph that holds it.
    public Operator rows(RowFormula formula) {
        var results = formula.results().stream().map(RowFormula.Result::type).toList();
        return new Operator(
                new Signature(formula.name(), formula.inputs(), 0, results), _ -> new RowKernel(modules, formula));
    }

    /// The operator that stands for all updates in the graph that holds them.
    public Operator updates(UpdateFormula formula) {
        return new Operator(
                new Signature(formula.name(), formula.inputs(), 0, formula.results()),
                _ -> new UpdateKernel(modules, formula));
    }

    /// Frees the compiled code, when no graph uses it any more.
    @Override
    public void close() {
        modules.close();
    }
}
