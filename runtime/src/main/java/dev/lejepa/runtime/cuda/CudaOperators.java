package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.runtime.cudart.CudnnConvolution.Direction;
import dev.lejepa.runtime.cudart.Nvrtc;
import dev.lejepa.runtime.kernel.Operator;
import java.util.List;

/// The operators of `dev.lejepa` that CUDA kernels of ours compute.
public final class CudaOperators implements AutoCloseable {
    private final AttentionCode attention;
    private final RowModules rows;
    private final UpdateModules updates;
    private final MapCode maps;
    private final ConvPlans convolutions;

    /// @param architecture of the device, for instance `sm_90`
    /// @param deterministic whether equal operands must give equal bits, where kernels that do not are faster
    public CudaOperators(Nvrtc compiler, String architecture, boolean deterministic) {
        this.attention = new AttentionCode(compiler, architecture);
        this.rows = new RowModules(compiler, architecture);
        this.updates = new UpdateModules(compiler, architecture);
        this.maps = new MapCode(compiler, architecture);
        this.convolutions = new ConvPlans(deterministic);
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
                        a -> new AttentionGradKernel(attention, a.integer("heads"), true)),
                convolution(OwnOperator.CONV.on(Form.BFLOAT16), Direction.FORWARD),
                convolution(OwnOperator.CONV_DATA_GRAD.on(Form.BFLOAT16), Direction.MAPS),
                convolution(OwnOperator.CONV_WEIGHTS_GRAD.on(Form.BFLOAT16_TO_FLOAT32), Direction.FILTERS),
                pool(OwnOperator.MAX_POOL, PoolKernel.Kind.MAX),
                pool(OwnOperator.MAX_POOL_GRAD, PoolKernel.Kind.MAX_GRADIENT),
                pool(OwnOperator.AVERAGE_POOL, PoolKernel.Kind.MEAN),
                pool(OwnOperator.AVERAGE_POOL_GRAD, PoolKernel.Kind.MEAN_GRADIENT));
    }

    private Operator convolution(Signature signature, Direction direction) {
        return new Operator(signature, a -> new ConvKernel(convolutions, maps, direction, a));
    }

    private Operator pool(OwnOperator operator, PoolKernel.Kind kind) {
        return new Operator(operator.on(Form.BFLOAT16), a -> new PoolKernel(maps, kind, a));
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
        attention.close();
        rows.close();
        updates.close();
        convolutions.close();
        maps.close();
    }
}
