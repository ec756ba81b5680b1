package dev.lejepa.runtime.onednn;

import static dev.lejepa.graphs.ir.DType.BFLOAT16;
import static dev.lejepa.graphs.ir.DType.FLOAT32;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Operator;
import java.util.List;
import java.util.stream.Stream;

/// The operators of `dev.lejepa` that oneDNN computes. Those on bfloat16 have names of their own, and are left to their
/// definitions on processors for which oneDNN has no such products.
public final class OneDnnOperators {
    private final OneDnn library;
    private final int threads;
    private final SharedWorkspaces<AttentionShape, AttentionKernel.Piece> attention;
    private final SharedWorkspaces<AttentionShape, AttentionGradKernel.Piece> attentionGrad;

    private OneDnnOperators(OneDnn library, int threads) {
        this.library = library;
        this.threads = threads;
        this.attention = library.workspaces(shape -> new AttentionKernel.Piece(library, shape));
        this.attentionGrad = library.workspaces(shape -> new AttentionGradKernel.Piece(library, shape));
    }

    /// @param threads that share the work of a node
    public static List<Operator> over(OneDnn library, int threads) {
        var operators = new OneDnnOperators(library, threads);
        return library.computesBFloat16()
                ? Stream.concat(operators.wide().stream(), operators.narrow().stream())
                        .toList()
                : operators.wide();
    }

    private List<Operator> wide() {
        return List.of(
                gemm("Gemm", FLOAT32, FLOAT32),
                elementwise("Gelu", ElementwiseKernel.Form.gelu(FLOAT32)),
                elementwise("GeluGrad", ElementwiseKernel.Form.geluGradient(FLOAT32)),
                new Operator(
                        "LayerNormGrad",
                        List.of(FLOAT32, FLOAT32, FLOAT32, FLOAT32, FLOAT32),
                        0,
                        List.of(FLOAT32, FLOAT32, FLOAT32),
                        _ -> new LayerNormGradKernel(library)),
                attention("Attention", FLOAT32),
                attentionGrad("AttentionGrad", FLOAT32));
    }

    private List<Operator> narrow() {
        return List.of(
                gemm("GemmBFloat16", BFLOAT16, BFLOAT16),
                gemm("GemmBFloat16ToFloat", BFLOAT16, FLOAT32),
                elementwise("GeluBFloat16", ElementwiseKernel.Form.gelu(BFLOAT16)),
                elementwise("GeluGradBFloat16", ElementwiseKernel.Form.geluGradient(BFLOAT16)),
                elementwise("CastFloatToBFloat16", ElementwiseKernel.Form.cast(FLOAT32, BFLOAT16)),
                elementwise("CastBFloat16ToFloat", ElementwiseKernel.Form.cast(BFLOAT16, FLOAT32)),
                new Operator(
                        "LayerNormFloatToBFloat16",
                        List.of(FLOAT32, FLOAT32, FLOAT32),
                        0,
                        List.of(BFLOAT16, FLOAT32, FLOAT32),
                        a -> new LayerNormKernel(library, threads, a)),
                attention("AttentionBFloat16", BFLOAT16),
                attentionGrad("AttentionGradBFloat16", BFLOAT16));
    }

    private Operator gemm(String name, DType in, DType out) {
        return new Operator(
                name, List.of(in, in, FLOAT32), 1, List.of(out), a -> new GemmKernel(library, threads, in, out, a));
    }

    private Operator elementwise(String name, ElementwiseKernel.Form form) {
        return new Operator(
                name, form.operands(), 0, List.of(form.result()), _ -> new ElementwiseKernel(library, threads, form));
    }

    private Operator attention(String name, DType type) {
        return new Operator(
                name, List.of(type), 0, List.of(type, FLOAT32), a -> new AttentionKernel(attention, type, a));
    }

    private Operator attentionGrad(String name, DType type) {
        return new Operator(
                name,
                List.of(type, type, type, FLOAT32),
                0,
                List.of(type),
                a -> new AttentionGradKernel(attentionGrad, type, a));
    }
}
