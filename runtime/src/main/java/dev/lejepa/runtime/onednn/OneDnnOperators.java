package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.runtime.kernel.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.dnnl.global.dnnl;

/// The operators of `dev.lejepa` that oneDNN computes. Those on bfloat16 have names of their own, and are left to their
/// definitions on processors for which oneDNN has no such products.
public final class OneDnnOperators {
    private final OneDnn library;
    private final int threads;
    private final SharedWorkspaces<AttentionShape, AttentionKernel.Piece> attention;
    private final SharedWorkspaces<AttentionShape, AttentionGradKernel.Piece> attentionGrad;

    private final SharedWorkspaces<ConvPiece.Key, ConvPiece> convolutions;
    private final SharedWorkspaces<ConvWeightsGradKernel.Key, ConvWeightsPiece> convolutionWeights;
    private final Pointwise pointwise;
    private final WindowProducts windows;
    private final SharedWorkspaces<PoolKernel.Key, PoolPiece> pools;

    private OneDnnOperators(OneDnn library, int threads) {
        this.library = library;
        this.threads = threads;
        this.attention = library.workspaces(shape -> new AttentionKernel.Piece(library, shape));
        this.convolutions = library.workspaces(key -> new ConvPiece(library, key));
        this.convolutionWeights = library.workspaces(key -> new ConvWeightsPiece(library, key));
        var products = new Products(library);
        this.pointwise = new Pointwise(library, products);
        this.windows = new WindowProducts(library, products);
        this.pools = library.workspaces(key -> new PoolPiece(library, key));
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
        var all = new ArrayList<>(List.of(
                gemm(Form.FLOAT32),
                new Operator(OwnOperator.LAYER_NORM_GRAD.on(Form.FLOAT32), _ -> new LayerNormGradKernel(library)),
                attention(Form.FLOAT32),
                attentionGrad(Form.FLOAT32),
                conv(Form.FLOAT32),
                convDataGrad(Form.FLOAT32),
                convWeightsGrad(Form.FLOAT32),
                pool(OwnOperator.MAX_POOL, Form.FLOAT32, PoolKernel.Kind.MAX),
                pool(OwnOperator.MAX_POOL_GRAD, Form.FLOAT32, PoolKernel.Kind.MAX_GRADIENT),
                pool(OwnOperator.AVERAGE_POOL, Form.FLOAT32, PoolKernel.Kind.MEAN),
                pool(OwnOperator.AVERAGE_POOL_GRAD, Form.FLOAT32, PoolKernel.Kind.MEAN_GRADIENT)));
        addFunctions(all, Form.FLOAT32);
        return all;
    }

    private List<Operator> narrow() {
        var all = new ArrayList<>(List.of(
                gemm(Form.BFLOAT16),
                gemm(Form.BFLOAT16_TO_FLOAT32),
                cast(Form.FLOAT32_TO_BFLOAT16),
                cast(Form.BFLOAT16_TO_FLOAT32),
                binary(OwnOperator.ADD, dnnl.algorithm.binary_add),
                binary(OwnOperator.MUL, dnnl.algorithm.binary_mul),
                new Operator(
                        OwnOperator.LAYER_NORM.on(Form.FLOAT32_TO_BFLOAT16),
                        a -> new LayerNormKernel(library, threads, a)),
                attention(Form.BFLOAT16),
                attentionGrad(Form.BFLOAT16),
                conv(Form.BFLOAT16),
                conv(Form.BFLOAT16_TO_FLOAT32),
                convDataGrad(Form.BFLOAT16),
                convDataGrad(Form.BFLOAT16_TO_FLOAT32),
                convWeightsGrad(Form.BFLOAT16_TO_FLOAT32),
                pool(OwnOperator.MAX_POOL, Form.BFLOAT16, PoolKernel.Kind.MAX),
                pool(OwnOperator.MAX_POOL_GRAD, Form.BFLOAT16, PoolKernel.Kind.MAX_GRADIENT),
                pool(OwnOperator.AVERAGE_POOL, Form.BFLOAT16, PoolKernel.Kind.MEAN),
                pool(OwnOperator.AVERAGE_POOL_GRAD, Form.BFLOAT16, PoolKernel.Kind.MEAN_GRADIENT)));
        addFunctions(all, Form.BFLOAT16);
        return all;
    }

    /// Functions of single numbers and their derivatives.
    private void addFunctions(List<Operator> all, Form form) {
        for (var function : Eltwise.values()) {
            if (function.operator().onHost().contains(form)) {
                all.add(elementwise(
                        function.operator().on(form),
                        n -> primitives().eltwise(function, OneDnn.vector(form.operand(), n))));
            }
            all.add(elementwise(
                    function.gradient().on(form),
                    n -> primitives().eltwiseGradient(function, OneDnn.vector(form.operand(), n))));
        }
    }

    private Operator gemm(Form form) {
        return new Operator(
                OwnOperator.GEMM.on(form), a -> new GemmKernel(library, threads, form.operand(), form.result(), a));
    }

    private Operator binary(OwnOperator operator, dnnl.algorithm function) {
        return new Operator(
                operator.on(Form.BFLOAT16), _ -> new BinaryKernel(library, threads, function, DType.BFLOAT16));
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

    private Operator conv(Form form) {
        return new Operator(
                OwnOperator.CONV.on(form),
                a -> new ConvKernel(
                        library, convolutions, pointwise, windows, false, form.operand(), form.result(), a));
    }

    private Operator convDataGrad(Form form) {
        return new Operator(
                OwnOperator.CONV_DATA_GRAD.on(form),
                a -> new ConvKernel(library, convolutions, pointwise, windows, true, form.operand(), form.result(), a));
    }

    private Operator convWeightsGrad(Form form) {
        return new Operator(
                OwnOperator.CONV_WEIGHTS_GRAD.on(form),
                a -> new ConvWeightsGradKernel(library, convolutionWeights, pointwise, windows, form.operand(), a));
    }

    private Operator pool(OwnOperator operator, Form form, PoolKernel.Kind kind) {
        return new Operator(operator.on(form), a -> new PoolKernel(library, pools, kind, form.operand(), a));
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
