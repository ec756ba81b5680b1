package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A formula of rows. Its code is made for the shapes that a node is first computed with, and for each others that come.
final class RowKernel implements Kernel {
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
        var gradient = RowCode.gradient(formula);
        if (gradient.isPresent()) {
            summed(call, code, shape, gradient.get(), arguments, outputs);
        } else if (code.grid().blocks() > 0) {
            arguments.addAll(outputs);
            code.module().launch(RowCode.name(formula), code.grid().launch(), call.stream(), arguments.toArray());
        }
    }

    private Code code(RowShape shape) {
        var results = formula.results().stream()
                .map(r -> RowResults.shape(formula, shape, r.register()))
                .toList();
        return new Code(modules.module(formula, shape), RowGrid.of(formula, shape), results);
    }

    /// The kernel, and the one that adds up the sums of its blocks.
    private void summed(
            KernelCall call,
            Code code,
            RowShape shape,
            RowFormula.LayerNormGrad gradient,
            List<Object> arguments,
            List<Long> outputs) {
        var stream = call.stream();
        var columns = Math.toIntExact(shape.columns());
        var module = code.module();
        var blocks = code.grid().blocks();
        var parts = module.allocate(2L * blocks * columns * Float.BYTES, stream);
        try {
            var dScale = 0L;
            var dBias = 0L;
            for (var i = 0; i < outputs.size(); i++) {
                var register = formula.results().get(i).register();
                if (register == gradient.dScale()) {
                    dScale = outputs.get(i);
                } else if (register == gradient.dBias()) {
                    dBias = outputs.get(i);
                } else {
                    arguments.add(outputs.get(i));
                }
            }
            arguments.add(parts);
            module.launch(RowCode.name(formula), code.grid().launch(), stream, arguments.toArray());
            var adding = new Launch(Math.ceilDiv(2 * columns, 32), 1, 1, 1024, 0);
            module.launch("add_parts", adding, stream, parts, dScale, dBias, blocks, columns);
        } finally {
            module.free(parts, stream);
        }
    }

    @Override
    public void close() {
        byShape.clear(); // the code belongs to the operators
    }
}
