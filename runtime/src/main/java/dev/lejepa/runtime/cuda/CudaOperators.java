package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.runtime.cudart.Cudnn;
import dev.lejepa.runtime.cudart.CudnnConvolution.Direction;
import dev.lejepa.runtime.cudart.KernelKey;
import dev.lejepa.runtime.cudart.Nvrtc;
import dev.lejepa.runtime.kernel.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The operators of `dev.lejepa` that CUDA kernels of ours compute.
public final class CudaOperators implements AutoCloseable {
    private final KernelModules modules;
    private final AttentionCode onBFloat16;
    private final AttentionCode onFloat32;
    private final MapCode maps;
    private final ConvPlans convolutions;

    /// @param architecture of the device, for instance `sm_90`
    /// @param measurements by which kernels that compute the same are chosen; empty where a rule alone may choose
    public CudaOperators(Nvrtc compiler, String architecture, Numerics numerics, Optional<Measurements> measurements) {
        this.modules = new KernelModules(compiler, architecture);
        this.onBFloat16 = new AttentionCode(modules, AttentionProducts.BFLOAT16, measurements);
        this.onFloat32 = new AttentionCode(
                modules, numerics.tf32() ? AttentionProducts.TF32 : AttentionProducts.FLOAT32, measurements);
        this.maps = new MapCode(modules);
        this.convolutions = new ConvPlans(numerics.deterministic(), Cudnn::open);
    }

    /// Whether a device has the instructions that the kernels use: asynchronous copies and products of bfloat16.
    public static boolean runOn(String architecture) {
        return Integer.parseInt(architecture.substring(architecture.indexOf('_') + 1)) >= 80;
    }

    public List<Operator> all() {
        return Stream.of(attention(Form.BFLOAT16, onBFloat16), attention(Form.FLOAT32, onFloat32), maps())
                .flatMap(operators -> operators)
                .toList();
    }

    private Stream<Operator> maps() {
        return Stream.of(
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

    /// The operators that stand for formulas in the graph that holds them. Where the device lacks what a product's
    /// kernel needs there is none, and product and formula are computed one after the other.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the graph has convolutions, and cuDNN is missing or too old
    public List<Operator> of(DeviceFormulas formulas) {
        if (formulas.convolves()) {
            convolutions.require();
        }
        return Stream.of(
                        formulas.rows().stream().map(this::rows),
                        formulas.products().stream().flatMap(f -> product(f).stream()),
                        formulas.updates().stream().map(this::updates))
                .flatMap(operators -> operators)
                .toList();
    }

    /// Whether there is a kernel for products with formulas.
    public boolean computesProducts() {
        return ProductModules.runOn(modules.architecture());
    }

    /// All that the code follows from which computes a product and its formula, in one kernel and one after the other.
    ///
    /// @param operands shapes of the matrices and of what else the formula reads
    public KernelKey product(ProductFormula formula, List<long[]> operands) {
        var shape = ProductShape.of(operands.get(0), operands.get(1), formula.transB());
        var others = operands.subList(2, operands.size());
        var ofRows = Stream.concat(Stream.of(new long[] {shape.rows(), shape.columns()}), others.stream())
                .toList();
        var isRow = ofRows.stream().map(s -> s.length == 1).toList();
        return new KernelKey(
                modules.compiler(),
                KernelModules.options(modules.architecture()),
                ProductCode.NAME,
                ProductCode.source(formula, shape, isRow) + RowModules.source(formula.rows(), RowShape.of(ofRows)));
    }

    private Operator rows(RowFormula formula) {
        var results = formula.results().stream().map(RowFormula.Result::type).toList();
        return new Operator(
                new Signature(formula.name(), formula.inputs(), 0, results), _ -> new RowKernel(modules, formula));
    }

    private Optional<Operator> product(ProductFormula formula) {
        var operands = new ArrayList<>(List.of(DType.BFLOAT16, DType.BFLOAT16));
        operands.addAll(
                formula.rows().inputs().subList(1, formula.rows().inputs().size()));
        var results = new ArrayList<>(
                formula.rows().results().stream().map(RowFormula.Result::type).toList());
        if (formula.kept()) {
            results.add(DType.BFLOAT16);
        }
        return Optional.of(new Signature(formula.name(), operands, 0, results))
                .filter(_ -> computesProducts())
                .map(s -> new Operator(s, _ -> new ProductKernel(modules, formula)));
    }

    private Operator updates(UpdateFormula formula) {
        return new Operator(
                new Signature(formula.name(), formula.inputs(), 0, formula.results()),
                _ -> new UpdateKernel(modules, formula));
    }

    /// Frees the compiled code, when no graph uses it any more.
    @Override
    public void close() {
        convolutions.close();
        modules.close();
    }
}
