package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/// `Ecf`: the empirical characteristic function of each column, by one pass over memory. Knots are powers of the first,
/// computed while a block of samples lies in the cache; sums are added up in double precision.
final class EcfKernel implements Kernel {
    private final int knots;
    private final float step;
    private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();

    EcfKernel(Attributes attributes) {
        this.knots = Math.toIntExact(attributes.integer("knots"));
        this.step = (float) attributes.real("step");
    }

    private record Workspace(EcfTile tile, double[] cos, double[] sin) {}

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var columns = EcfColumns.of(dims);
        var shape = dims.clone();
        shape[dims.length - 2] = knots;
        var x = columns.floats(call.input(0), columns.rows());
        var cos = columns.floats(call.output(0, shape), knots);
        var sin = columns.floats(call.output(1, shape), knots);
        call.parallel(columns.stripes(), stripe -> {
            var found = idle.pollFirst();
            var workspace = found == null
                    ? new Workspace(new EcfTile(), new double[knots * EcfTile.WIDTH], new double[knots * EcfTile.WIDTH])
                    : found;
            sum(workspace, columns, stripe, x);
            write(workspace.cos, columns, stripe, cos);
            write(workspace.sin, columns, stripe, sin);
            idle.addFirst(workspace);
        });
    }

    private void sum(Workspace w, EcfColumns columns, int stripe, MemorySegment x) {
        Arrays.fill(w.cos, 0);
        Arrays.fill(w.sin, 0);
        Arrays.fill(w.cos, 0, EcfTile.WIDTH, columns.rows()); // the first knot is 0
        for (var row = 0; row < columns.rows(); row += EcfTile.ROWS) {
            var rows = Math.min(EcfTile.ROWS, columns.rows() - row);
            var at = columns.start(stripe, columns.rows()) + (long) row * columns.columns();
            w.tile.load(x, at, columns.columns(), rows, columns.width(stripe), step);
            for (var j = 1; j < knots; j++) {
                w.tile.addTo(w.cos, w.sin, j, rows);
                if (j < knots - 1) {
                    w.tile.turn();
                }
            }
        }
    }

    private void write(double[] sums, EcfColumns columns, int stripe, MemorySegment y) {
        for (var j = 0; j < knots; j++) {
            var at = columns.start(stripe, knots) + (long) j * columns.columns();
            for (var c = 0; c < columns.width(stripe); c++) {
                y.setAtIndex(JAVA_FLOAT, at + c, (float) (sums[j * EcfTile.WIDTH + c] / columns.rows()));
            }
        }
    }

    @Override
    public void close() {
        idle.clear();
    }
}
