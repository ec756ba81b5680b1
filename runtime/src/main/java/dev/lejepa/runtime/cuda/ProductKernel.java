package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.cudart.TensorMap;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A product and a formula of its rows, in one kernel, and one more that adds up sums over rows.
final class ProductKernel implements Kernel {
    private final KernelModules modules;
    private final ProductFormula formula;
    private final RowFormula rows;
    private final List<Integer> sums;
    private final Map<ProductShape, Code> byShape = new HashMap<>();

    private record Code(CudaModule module, Launch launch, TensorMap a, TensorMap b) {}

    ProductKernel(KernelModules modules, ProductFormula formula) {
        this.modules = modules;
        this.formula = formula;
        this.rows = formula.rows();
        this.sums = RowSteps.sums(rows);
    }

    @Override
    public void compute(KernelCall call) {
        var shape = ProductShape.of(call.shape(0), call.shape(1), formula.transB());
        var code = byShape.computeIfAbsent(shape, s -> code(call, s));
        var words = new ArrayList<Object>();
        words.addAll(code.a().at(call.input(0)));
        words.addAll(code.b().at(call.input(1)));
        for (var i = 2; i <= rows.inputs().size(); i++) {
            words.add(call.input(i));
        }
        var ofSums = new Long[Rewritten.Rows.MOST_SUMS];
        Arrays.fill(ofSums, 0L);
        for (var i = 0; i < rows.results().size(); i++) {
            var sum = sums.indexOf(rows.results().get(i).register());
            if (sum < 0) {
                words.add(call.output(i, shape.rows(), shape.columns()));
            } else {
                ofSums[sum] = call.output(i, shape.columns());
            }
        }
        if (formula.kept()) {
            words.add(call.output(rows.results().size(), shape.rows(), shape.columns()));
        }
        if (sums.isEmpty()) {
            words.add(0L);
            code.module().launch(ProductCode.NAME, code.launch(), call.stream(), words.toArray());
        } else {
            summed(call.stream(), code, words, shape, ofSums);
        }
    }

    private Code code(KernelCall call, ProductShape shape) {
        var isRow = IntStream.range(0, rows.inputs().size())
                .mapToObj(i -> i > 0 && call.shape(i + 1).length == 1)
                .toList();
        var module = ProductModules.module(modules, ProductCode.source(formula, shape, isRow));
        var rowsOfB = formula.transB() ? ProductShape.TILE : ProductShape.PIECE;
        return new Code(
                module,
                shape.launch(module.processors()),
                module.tiles(call.shape(0), ProductShape.TILE, ProductShape.PIECE),
                module.tiles(call.shape(1), rowsOfB, ProductShape.PIECE));
    }

    /// The kernel, and the one that adds up the sums of its tiles.
    private void summed(long stream, Code code, List<Object> words, ProductShape shape, Long[] ofSums) {
        var columns = Math.toIntExact(shape.columns());
        var module = code.module();
        var parts = module.allocate((long) shape.tilesDown() * sums.size() * columns * Float.BYTES, stream);
        try {
            words.add(parts);
            module.launch(ProductCode.NAME, code.launch(), stream, words.toArray());
            RowSums.add(module, stream, parts, shape.tilesDown(), columns, sums.size(), ofSums);
        } finally {
            module.free(parts, stream);
        }
    }

    @Override
    public void close() {
        byShape.clear(); // the code belongs to the operators
    }
}
