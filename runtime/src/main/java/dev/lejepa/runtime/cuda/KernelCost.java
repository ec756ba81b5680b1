package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.UpdateFormula;
import java.util.List;
import java.util.Optional;

/// What the kernels of an operator of ours do, as they are shared out and launched, whatever a cache may hold.
///
/// @param products floating-point operations of matrix products
/// @param others all other operations, a function as one
/// @param read bytes of memory, again where several blocks read the same
/// @param written bytes of memory
/// @param launches how many kernels
public record KernelCost(double products, double others, long read, long written, int launches) {
    private static final int BF16 = DType.BFLOAT16.bytes();

    /// Of all pairs of tokens, scores and their products with values; a softmax.
    private static final int FORWARD_PRODUCTS = 2;

    /// Scores and the gradients of weights; then the gradients of queries, keys and values.
    private static final int GRADIENT_PRODUCTS = 5;

    /// The first two in each of two kernels, or for tiles of either side; of wide heads scores once more, for values and
    /// for keys.
    private static final int PRODUCTS_OF_TWO = 7;

    private static final int PRODUCTS_OF_WIDE = 8;

    private static final int SOFTMAX = 5;

    private static final int UPDATE = 14;

    /// @param qkv shape `[N, T, 3 H width]` of the operand
    /// @param type of its elements, bfloat16 or float32
    /// @param biased whether a bias is added to it
    /// @param architecture of the device, for instance `sm_90`
    public static KernelCost attention(long[] qkv, DType type, long heads, boolean biased, String architecture) {
        var grid = grid(qkv, type, heads);
        var forward = AttentionForward.of(grid, architecture);
        var pairs = pairs(grid) / grid.paddedTokens() * forward.paddedQueries();
        var part = bytesOfPart(grid); // of queries, keys, values or contexts
        var logs = grid.rowCount() * Float.BYTES;
        return new KernelCost(
                2.0 * FORWARD_PRODUCTS * pairs * grid.paddedWidth(),
                SOFTMAX * pairs(grid),
                part + 2 * part * forward.readings() + (biased ? bias(qkv) : 0),
                part + logs,
                grid.slices().size());
    }

    /// @param qkv shape `[N, T, 3 H width]` of the operand
    /// @param type of its elements, bfloat16 or float32
    /// @param biased whether a bias is added to it, and its gradient made
    /// @param architecture of the device, for instance `sm_90`
    public static KernelCost attentionGradient(
            long[] qkv, DType type, long heads, boolean biased, String architecture) {
        var grid = grid(qkv, type, heads);
        var backward = AttentionBackward.of(grid, architecture);
        var cost = switch (backward) {
            case AttentionBackward.Together(var together) -> together(grid, together);
            case AttentionBackward.WholeHead _ -> atOnce(grid);
            case AttentionBackward.InTwo _ -> inTwo(grid);
        };
        return biased ? cost.withBias(qkv, (long) grid.images() * backward.sums(grid)) : cost;
    }

    /// Products of float32 have one grid, whether they are rounded or not.
    private static AttentionGrid grid(long[] qkv, DType type, long heads) {
        var products = type == DType.BFLOAT16 ? AttentionProducts.BFLOAT16 : AttentionProducts.TF32;
        return AttentionGrid.of(qkv, heads, products);
    }

    /// As much memory as [#atOnce] reads and writes, and scores that are computed for either side, whose tiles are
    /// whole.
    private static KernelCost together(AttentionGrid grid, AttentionTogether together) {
        var once = atOnce(grid);
        var pairs = (double) grid.images() * grid.heads() * together.rows().paddedTokens() * grid.paddedTokens();
        return new KernelCost(
                2.0 * PRODUCTS_OF_TWO * pairs * grid.paddedWidth(),
                2 * SOFTMAX * pairs,
                once.read(),
                once.written(),
                once.launches());
    }

    /// Queries, keys, values, contexts and their gradients once.
    private static KernelCost atOnce(AttentionGrid grid) {
        var part = bytesOfPart(grid);
        var numbers = grid.rowCount() * Float.BYTES;
        return new KernelCost(
                products(grid, GRADIENT_PRODUCTS),
                SOFTMAX * pairs(grid),
                5 * part + numbers,
                3 * part,
                grid.slices().size());
    }

    private static KernelCost inTwo(AttentionGrid grid) {
        var part = bytesOfPart(grid);
        var numbers = grid.rowCount() * Float.BYTES;
        var wide = AttentionProducts.isWide(grid.width());
        var walks = wide && grid.chunk() < grid.tokens() ? 2 : 1; // over queries, which do not stay in shared memory
        // Queries, contexts and their gradients once, keys and values for each part of the tokens.
        var overKeys = 3 * part + 2 * part * grid.overKeys().gridX() + numbers;
        // Keys and values once, queries, gradients of contexts and two numbers of each for each part of the tokens.
        var overQueries =
                2 * part + walks * (2 * part + 2 * numbers) * grid.overQueries().gridX();
        return new KernelCost(
                products(grid, wide ? PRODUCTS_OF_WIDE : PRODUCTS_OF_TWO),
                (wide ? 3 : 2) * SOFTMAX * pairs(grid),
                overKeys + overQueries,
                3 * part + numbers,
                2 * grid.slices().size());
    }

    /// The bias, which each kernel reads, and its gradient, of which each block leaves a part for another kernel.
    private KernelCost withBias(long[] qkv, long blocks) {
        var parts = blocks * bias(qkv);
        return new KernelCost(
                products,
                others + elements(qkv),
                read + launches * bias(qkv) + parts,
                written + parts + bias(qkv),
                launches + 1);
    }

    private static long bias(long[] qkv) {
        return qkv[2] * Float.BYTES;
    }

    /// @param operands shapes of what the formula reads
    public static KernelCost rows(RowFormula formula, List<long[]> operands) {
        var shape = RowShape.of(operands);
        var grid = RowGrid.of(formula, shape);
        var read = 0L;
        for (var i = 0; i < operands.size(); i++) {
            read += elements(operands.get(i)) * formula.inputs().get(i).bytes();
        }
        var written = formula.results().stream()
                .mapToLong(r -> elements(RowResults.shape(formula, shape, r.register()))
                        * r.type().bytes())
                .sum();
        var sums = RowSteps.sums(formula).size();
        var parts = (long) grid.blocks() * sums * shape.columns() * Float.BYTES;
        var elements = shape.rows() * shape.columns();
        var operations =
                formula.steps().stream().mapToLong(KernelCost::operations).sum();
        return new KernelCost(0, (double) operations * elements, read + parts, written + parts, sums == 0 ? 1 : 2);
    }

    /// A product and a formula in one kernel, if one computes them on an architecture.
    ///
    /// @param operands shapes of the matrices and of what else the formula reads
    /// @param architecture of the device, for instance `sm_90`
    public static Optional<KernelCost> product(ProductFormula formula, List<long[]> operands, String architecture) {
        return Optional.of(formula)
                .filter(_ -> ProductModules.runOn(architecture))
                .map(f -> product(f, operands));
    }

    private static KernelCost product(ProductFormula formula, List<long[]> operands) {
        var alone = productAlone(formula, operands);
        var shape = ProductShape.of(operands.get(0), operands.get(1), formula.transB());
        var rows = formula.rows();
        var sums = RowSteps.sums(rows);
        var read = alone.read();
        for (var i = 1; i < rows.inputs().size(); i++) {
            read += elements(operands.get(i + 1)) * rows.inputs().get(i).bytes();
        }
        var written = formula.kept() ? alone.written() : 0;
        for (var r : rows.results()) {
            var isSum = sums.contains(r.register());
            written += shape.columns() * (isSum ? 1 : shape.rows()) * r.type().bytes();
        }
        var parts = shape.tilesDown() * sums.size() * shape.columns() * Float.BYTES;
        var operations = rows.steps().stream().mapToLong(KernelCost::operations).sum();
        return new KernelCost(
                alone.products(),
                (double) operations * shape.rows() * shape.columns(),
                read + parts,
                written + parts,
                sums.isEmpty() ? 1 : 2);
    }

    /// The product of a formula by itself.
    ///
    /// @param operands shapes, of which the first two are the matrices
    public static KernelCost productAlone(ProductFormula formula, List<long[]> operands) {
        var shape = ProductShape.of(operands.get(0), operands.get(1), formula.transB());
        return new KernelCost(
                2.0 * shape.rows() * shape.columns() * shape.depth(),
                0,
                (elements(operands.get(0)) + elements(operands.get(1))) * BF16,
                shape.rows() * shape.columns() * BF16,
                1);
    }

    /// @param operands shapes, of which the first two are the matrices
    /// @return the product's shape
    public static long[] shape(ProductFormula formula, List<long[]> operands) {
        var shape = ProductShape.of(operands.get(0), operands.get(1), formula.transB());
        return new long[] {shape.rows(), shape.columns()};
    }

    /// @param operands shapes of what the updates read
    public static KernelCost updates(UpdateFormula formula, List<long[]> operands) {
        var read = 0L;
        var written = 0L;
        var weights = 0L;
        for (var u : formula.updates()) {
            var size = elements(operands.get(u.weight()));
            weights += size;
            read += size
                    * (3L * Float.BYTES + formula.inputs().get(u.gradient()).bytes());
            written += size * (3L * Float.BYTES + (u.copied() ? BF16 : 0));
        }
        return new KernelCost(
                0,
                UPDATE * (double) weights,
                read,
                written,
                UpdateKernel.parts(formula.updates()).size());
    }

    /// A convolution of bfloat16 maps, or the gradient of its maps, around a kernel that brings the filters into order.
    /// Tensor cores compute it unless every channel is a group of its own.
    ///
    /// @param read shape of what it reads beside the weights, `[N, H, W, C]`
    /// @param weights `[O, C / groups, kh, kw]`
    /// @param written shape of what it makes
    /// @param result shape of the convolution's result, one of these two
    public static KernelCost convolution(long[] read, long[] weights, long[] written, long[] result) {
        var filters = elements(weights) * BF16;
        var arranged = ConvShape.isArranged(weights);
        return ofPairs(
                weights,
                result,
                elements(read) * BF16 + (arranged ? filters : 2 * filters),
                elements(written) * BF16 + (arranged ? 0 : filters),
                arranged ? 1 : 2);
    }

    /// The gradient of a convolution's weights, around a kernel that widens it.
    ///
    /// @param maps `[N, H, W, C]`
    /// @param weights `[O, C / groups, kh, kw]`
    /// @param result shape of the convolution's result
    public static KernelCost convolutionWeights(long[] maps, long[] weights, long[] result) {
        var filters = elements(weights);
        return ofPairs(
                weights,
                result,
                (elements(maps) + elements(result) + filters) * BF16,
                filters * (BF16 + Float.BYTES),
                2);
    }

    private static KernelCost ofPairs(long[] weights, long[] result, long read, long written, int launches) {
        var operations = 2.0 * elements(result) * (elements(weights) / weights[0]);
        return weights[1] == 1
                ? new KernelCost(0, operations, read, written, launches)
                : new KernelCost(operations, 0, read, written, launches);
    }

    /// Pooling of bfloat16 maps or its gradient.
    ///
    /// @param operands shapes of what it reads
    /// @param written shape of what it makes
    /// @param window places of the window
    public static KernelCost pool(List<long[]> operands, long[] written, long window) {
        var read = operands.stream().mapToLong(KernelCost::elements).sum();
        return new KernelCost(0, (double) elements(written) * window, read * BF16, elements(written) * BF16, 1);
    }

    /// Operations for an element, as `graphs.cost.Flops` counts them.
    private static int operations(RowFormula.Step step) {
        return switch (step) {
            case RowFormula.Number _, RowFormula.Round _ -> 0;
            case RowFormula.Unary _, RowFormula.Binary _, RowFormula.RowSum _ -> 1;
            case RowFormula.Gelu _ -> 5;
            case RowFormula.LayerNorm _ -> 8;
            case RowFormula.GeluGrad _ -> 10;
            case RowFormula.LayerNormGrad _ -> 13;
        };
    }

    private static double products(AttentionGrid grid, int count) {
        return 2.0 * count * pairs(grid) * grid.paddedWidth();
    }

    /// Tokens are rounded up to strips, widths to what is computed on.
    private static double pairs(AttentionGrid grid) {
        var tokens = (double) grid.paddedTokens();
        return grid.images() * tokens * tokens * grid.heads();
    }

    private static long bytesOfPart(AttentionGrid grid) {
        return grid.rowCount() * grid.width() * grid.products().bytes();
    }

    private static long elements(long[] dims) {
        var product = 1L;
        for (var d : dims) {
            product *= d;
        }
        return product;
    }
}
