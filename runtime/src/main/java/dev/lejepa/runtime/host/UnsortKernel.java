package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;

/// `Unsort`: every value of a column back to the row that it was sorted from.
final class UnsortKernel implements Kernel {
    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var columns = Columns.of(dims);
        var sorted = columns.elements(call.input(0), Float.BYTES);
        var permutation = columns.elements(call.input(1), Long.BYTES);
        var x = columns.elements(call.output(0, dims), Float.BYTES);
        call.parallel(columns.tiles(), number -> {
            var tile = columns.tile(number);
            for (var i = 0; i < columns.rows(); i++) {
                var at = tile.start() + (long) i * columns.columns();
                for (var c = 0; c < tile.width(); c++) {
                    var row = permutation.getAtIndex(JAVA_LONG, at + c);
                    x.setAtIndex(
                            JAVA_FLOAT,
                            tile.start() + row * columns.columns() + c,
                            sorted.getAtIndex(JAVA_FLOAT, at + c));
                }
            }
        });
    }

    @Override
    public void close() {}
}
