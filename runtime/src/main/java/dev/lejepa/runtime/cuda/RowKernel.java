package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// A formula of rows. Its code is made for the shapes that a node is first computed with, and for each others that come.
final class RowKernel implements Kernel {
    private final KernelModules modules;
    private final RowFormula formula;
    private final String name;
    private final List<Integer> sums;
    private final Map<RowShape, Code> byShape = new HashMap<>();

    private Optional<Code> last = Optional.empty();

    /// @param whole an operand that has the rows' shape
    private record Code(CudaModule module, RowShape shape, RowGrid grid, OptionalInt whole, List<long[]> results) {
        boolean fits(KernelCall call) {
            return whole.isPresent() && shape.isOf(call.shape(whole.getAsInt()));
        }
    }

    RowKernel(KernelModules modules, RowFormula formula) {
        this.modules = modules;
        this.formula = formula;
        this.name = RowCode.name(formula);
        this.sums = RowSteps.sums(formula);
    }

    @Override
    public void compute(KernelCall call) {
        var code = code(call);
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
        var ofSums = new Long[Rewritten.Rows.MOST_SUMS];
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
            code.module().launch(name, code.grid().launch(), call.stream(), arguments.toArray());
        } else {
            summed(call.stream(), code, arguments, Math.toIntExact(code.shape().columns()), ofSums);
        }
    }

    /// The code for the operands' shapes. All of them follow from that of an operand that has the rows' own, which
    /// alone is looked at if it is what it was.
    private Code code(KernelCall call) {
        if (last.isPresent() && last.get().fits(call)) {
            return last.get();
        }
        var shape = RowShape.of(IntStream.range(0, formula.inputs().size())
                .mapToObj(call::shape)
                .toList());
        var code = byShape.computeIfAbsent(shape, this::code);
        last = Optional.of(code);
        return code;
    }

    private Code code(RowShape shape) {
        var results = formula.results().stream()
                .map(r -> RowResults.shape(formula, shape, r.register()))
                .toList();
        return new Code(
                RowModules.module(modules, formula, shape), shape, RowGrid.of(formula, shape), shape.whole(), results);
    }

    /// The kernel, and the one that adds up the sums of its blocks.
    private void summed(long stream, Code code, List<Object> arguments, int columns, Long[] ofSums) {
        var module = code.module();
        var blocks = code.grid().blocks();
        var rows = sums.size();
        var parts = module.allocate((long) blocks * rows * columns * Float.BYTES, stream);
        try {
            arguments.add(parts);
            module.launch(name, code.grid().launch(), stream, arguments.toArray());
            RowSums.add(module, stream, parts, blocks, columns, rows, ofSums);
        } finally {
            module.free(parts, stream);
        }
    }

    @Override
    public void close() {
        byShape.clear(); // the code belongs to the operators
    }
}
