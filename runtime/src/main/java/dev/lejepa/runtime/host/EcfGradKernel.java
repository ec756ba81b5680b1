package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/// `EcfGrad`: `dx = sum_j (j step / N) Re((dS_j + i dC_j) z^j)` with `z = exp(i step x)`, by Horner's rule from the last
/// knot down, while a block of samples lies in the cache.
final class EcfGradKernel implements Kernel {
    private final int knots;
    private final double step;
    private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();

    EcfGradKernel(Attributes attributes) {
        this.knots = Math.toIntExact(attributes.integer("knots"));
        this.step = attributes.real("step");
    }

    private record Workspace(EcfTile tile, double[] real, double[] imaginary) {}

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(2);
        var columns = EcfColumns.of(dims);
        var dCos = columns.floats(call.input(0), knots);
        var dSin = columns.floats(call.input(1), knots);
        var x = columns.floats(call.input(2), columns.rows());
        var dx = columns.floats(call.output(0, dims), columns.rows());
        call.parallel(columns.stripes(), stripe -> {
            var found = idle.pollFirst();
            var workspace = found == null
                    ? new Workspace(new EcfTile(), new double[knots * EcfTile.WIDTH], new double[knots * EcfTile.WIDTH])
                    : found;
            weigh(workspace.real, columns, stripe, dSin);
            weigh(workspace.imaginary, columns, stripe, dCos);
            gradient(workspace, columns, stripe, x, dx);
            idle.addFirst(workspace);
        });
    }

    private void weigh(double[] weighed, EcfColumns columns, int stripe, MemorySegment d) {
        for (var j = 0; j < knots; j++) {
            var at = columns.start(stripe, knots) + (long) j * columns.columns();
            for (var c = 0; c < columns.width(stripe); c++) {
                weighed[j * EcfTile.WIDTH + c] = d.getAtIndex(JAVA_FLOAT, at + c) * (j * step / columns.rows());
            }
        }
    }

    private void gradient(Workspace w, EcfColumns columns, int stripe, MemorySegment x, MemorySegment dx) {
        for (var row = 0; row < columns.rows(); row += EcfTile.ROWS) {
            var rows = Math.min(EcfTile.ROWS, columns.rows() - row);
            var at = columns.start(stripe, columns.rows()) + (long) row * columns.columns();
            w.tile.load(x, at, columns.columns(), rows, columns.width(stripe), (float) step);
            w.tile.start(w.real, w.imaginary, knots - 1);
            for (var j = knots - 2; j >= 1; j--) {
                w.tile.turnAndAdd(w.real, w.imaginary, j);
            }
            w.tile.turn();
            w.tile.store(dx, at, columns.columns(), rows, columns.width(stripe));
        }
    }

    @Override
    public void close() {
        idle.clear();
    }
}
