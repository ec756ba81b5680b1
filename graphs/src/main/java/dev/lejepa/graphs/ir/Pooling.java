package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.equalShapes;

import java.util.List;

/// Maxima and means of maps inside a window that moves over them.
public sealed interface Pooling extends Op {
    /// The largest element in the window; padding counts as smaller than all.
    record MaxPool(Pool pool) implements Pooling {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(pool.result(in.getFirst()));
        }
    }

    /// `(dy, x)` to the gradient of [MaxPool] with respect to `x`: all of it goes to the first of equal maxima, rows
    /// before columns.
    record MaxPoolGrad(Pool pool) implements Pooling, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalShapes(in.get(0), pool.result(in.get(1)));
            return List.of(in.get(1));
        }
    }

    /// The mean of the elements in the window.
    ///
    /// @param includePad whether padding counts as zeros, torch's `count_include_pad`; what juts out over it never does
    record AveragePool(Pool pool, boolean includePad) implements Pooling {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(pool.result(in.getFirst()));
        }

        /// How many elements count at each place of the window, rows before columns.
        public long[] counts(Shape maps) {
            var over = pool.over(maps);
            var rows =
                    counts(pool.window().height(), over.height(), pool.layout().height(maps));
            var columns =
                    counts(pool.window().width(), over.width(), pool.layout().width(maps));
            var all = new long[rows.length * columns.length];
            for (var i = 0; i < all.length; i++) {
                all[i] = rows[i / columns.length] * columns[i % columns.length];
            }
            return all;
        }

        private long[] counts(Window.Axis axis, Window.Axis over, long size) {
            var counts = new long[Math.toIntExact(over.places(size))];
            var first = includePad ? -axis.before() : 0;
            var end = includePad ? size + axis.after() : size;
            for (var p = 0; p < counts.length; p++) {
                var start = axis.at(p, 0);
                counts[p] = Math.min(start + axis.kernel(), end) - Math.max(start, first);
            }
            return counts;
        }
    }

    /// `dy` to the gradient of [AveragePool] with respect to its operand.
    ///
    /// @param height of the maps
    /// @param width of the maps
    record AveragePoolGrad(AveragePool of, long height, long width) implements Pooling, Op.Backward {
        /// The shape of the maps.
        public Shape maps(Shape dy) {
            var layout = of.pool.layout();
            return layout.shape(dy, layout.channels(dy), height, width);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            var dy = in.getFirst();
            var x = dy.withShape(maps(dy.shape()));
            equalShapes(dy, of.pool.result(x));
            return List.of(x);
        }
    }
}
