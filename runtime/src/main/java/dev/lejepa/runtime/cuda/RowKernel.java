package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A formula of rows. Its code is made for the shapes that a node is first computed with, and for each others that come.
final class RowKernel implements Kernel {
    /// Sums over all rows that the second kernel takes.
    private static final int MOST_SUMS = 4;

    private final RowModules modules;
    private final RowFormula formula;
    private final Map<RowShape, Code> byShape = new HashMap<>();

    private record Code(CudaModule module, RowGrid grid, List<long[]> results) {}

    RowKernel(RowModules modules, RowFormula formula) {
        this.modules = modules;
        this.formula = formula;
    }

    @Override
    public void compute(KernelCall call) {
        var shape = RowShape.of(IntStream.range(0, formula.inputs().size())
                .mapToObj(call::shape)
                .toList());
        var code = byShape.computeIfAbsent(shape, this::code);
        var arguments = new ArrayList<Object>();
        for (var i = 0; i < formula.inputs().size(); i++) {
            arguments.add(call.input(i));
        }
        var outputs = new ArrayList<Long>();
        for (var i = 0; i < formula.results().size(); i++) {
            outputs.add(call.output(i, code.results().get(i)));
        }
        if (code.grid().blocks() == 0) {
            return;
        }
        var sums = RowSteps.sums(formula);
        var ofSums = new Long[MOST_SUMS];
        Arrays.fill(ofSums, 0L);
        for (var i = 0; i < outputs.size(); i++) {
            var sum = sums.indexOf(formula.results().get(i).register());
            if (sum < 0) {
                arguments.add(outputs.get(i));
            } else {
                ofSums[sum] = outputs.get(i);
            }
        }
        if (sums.isEmpty()) {
            code.module().launch(RowCode.name(formula), code.grid().launch(), call.stream(), arguments.toArray());
        } else {
            summed(call.stream(), code, arguments, Math.toIntExact(shape.columns()), ofSums);
        }
    }

    private Code code(RowShape shape) {
        var results = formula.results().stream()
                .map(r -> RowResults.shape(formula, shape, r.register()))
                .toList();
        return new Code(modules.module(formula, shape), RowGrid.of(formula, shape), results);
    }

    /// The kernel, and the one that adds up the sums of its blocks.
    private void summed(long stream, Code code, List<Object> arguments, int columns, Long[] sums) {
        var module = code.module();
        var blocks = code.grid().blocks();
        var rows = RowSteps.sums(formula).size();
        var parts = module.allocate((long) blocks * rows * columns * Float.BYTES, stream);
        try {
            arguments.add(parts);
            module.launch(RowCode.name(formula), code.grid().launch(), stream, arguments.toArray());
            module.launch(
                    "add_parts",
                    RowGrid.adding(rows * columns),
                    stream,
                    parts,
                    blocks,
                    rows,
                    columns,
                    sums[0],
                    sums[1],
                    sums[2],
                    sums[3]);
        } finally {
            module.free(parts, stream);
        }
    }

    @Override
    public void close() {
        byShape.clear(); // the code belongs to the operators
    }
}
