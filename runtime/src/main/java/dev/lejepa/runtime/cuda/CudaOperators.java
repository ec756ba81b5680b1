package dev.lejepa.runtime.cuda;

import static dev.lejepa.graphs.ir.DType.BFLOAT16;
import static dev.lejepa.graphs.ir.DType.FLOAT32;

import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.runtime.cudart.Nvrtc;
import dev.lejepa.runtime.kernel.Operator;
import java.util.List;

/// The operators of `dev.lejepa` that CUDA kernels of ours compute.
public final class CudaOperators implements AutoCloseable {
    private final AttentionCode attention;
    private final RowModules rows;

    /// @param architecture of the device, for instance `sm_90`
    public CudaOperators(Nvrtc compiler, String architecture) {
        this.attention = new AttentionCode(compiler, architecture);
        this.rows = new RowModules(compiler, architecture);
    }

    /// Whether a device has the instructions that the kernels use: asynchronous copies and products of bfloat16.
    public static boolean runOn(String architecture) {
        return Integer.parseInt(architecture.substring(architecture.indexOf('_') + 1)) >= 80;
    }

    public List<Operator> all() {
        return List.of(
                new Operator(
                        "AttentionBFloat16",
                        List.of(BFLOAT16),
                        0,
                        List.of(BFLOAT16, FLOAT32),
                        a -> new AttentionKernel(attention, a.integer("heads"))),
                new Operator(
                        "AttentionGradBFloat16",
                        List.of(BFLOAT16, BFLOAT16, BFLOAT16, FLOAT32),
                        0,
                        List.of(BFLOAT16),
                        a -> new AttentionGradKernel(attention, a.integer("heads"))));
    }

    /// The operator that stands for a formula of rows in the graph that holds it.
    public Operator rows(RowFormula formula) {
        return new Operator(
                formula.name(),
                formula.inputs(),
                0,
                formula.results().stream().map(RowFormula.Result::type).toList(),
                _ -> new RowKernel(rows, formula));
    }

    /// Frees the compiled code, when no graph uses it any more.
    @Override
    public void close() {
        attention.close();
        rows.close();
    }
}
