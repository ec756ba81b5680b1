package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.Signature;
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
                gemm(Form.FLOAT32),
                gelu(Form.FLOAT32),
                geluGrad(Form.FLOAT32),
                new Operator(OwnOperator.LAYER_NORM_GRAD.on(Form.FLOAT32), _ -> new LayerNormGradKernel(library)),
                attention(Form.FLOAT32),
                attentionGrad(Form.FLOAT32));
    }

    private List<Operator> narrow() {
        return List.of(
                gemm(Form.BFLOAT16),
                gemm(Form.BFLOAT16_TO_FLOAT32),
                gelu(Form.BFLOAT16),
                geluGrad(Form.BFLOAT16),
                cast(Form.FLOAT32_TO_BFLOAT16),
                cast(Form.BFLOAT16_TO_FLOAT32),
                new Operator(
                        OwnOperator.LAYER_NORM.on(Form.FLOAT32_TO_BFLOAT16),
                        a -> new LayerNormKernel(library, threads, a)),
                attention(Form.BFLOAT16),
                attentionGrad(Form.BFLOAT16));
    }

    private Operator gemm(Form form) {
        return new Operator(
                OwnOperator.GEMM.on(form), a -> new GemmKernel(library, threads, form.operand(), form.result(), a));
    }

    private Operator gelu(Form form) {
        return elementwise(OwnOperator.GELU.on(form), n -> primitives().gelu(OneDnn.vector(form.operand(), n)));
    }

    private Operator geluGrad(Form form) {
        return elementwise(
                OwnOperator.GELU_GRAD.on(form), n -> primitives().geluGradient(OneDnn.vector(form.operand(), n)));
    }

    /// Rounding or widening.
    private Operator cast(Form form) {
        return elementwise(
                OwnOperator.CAST.on(form),
                n -> primitives().reorder(OneDnn.vector(form.operand(), n), OneDnn.vector(form.result(), n)));
    }

    private Operator elementwise(Signature signature, ElementwiseKernel.Loop loop) {
        return new Operator(signature, _ -> new ElementwiseKernel(library, threads, signature, loop));
    }

    private Primitives primitives() {
        return new Primitives(library);
    }

    private Operator attention(Form form) {
        return new Operator(OwnOperator.ATTENTION.on(form), a -> new AttentionKernel(attention, form.operand(), a));
    }

    private Operator attentionGrad(Form form) {
        return new Operator(
                OwnOperator.ATTENTION_GRAD.on(form), a -> new AttentionGradKernel(attentionGrad, form.operand(), a));
    }
}
