package dev.lejepa.graphs.models;

import dev.lejepa.graphs.models.MobileBlock.Kind;
import dev.lejepa.graphs.models.MobileBlock.Spec;
import dev.lejepa.graphs.nn.Act;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/// A stage of a mobile network at width and depth 1, as tables list it: rows of equal blocks.
record MobileStage(List<Row> rows) {
    /// Equal blocks, one after the other.
    record Row(int repeats, Spec block) {
        /// The same with another activation than the model's.
        Row with(Act act) {
            var b = block;
            return new Row(
                    repeats,
                    new Spec(
                            b.kind(),
                            b.kernel(),
                            b.stride(),
                            b.expansion(),
                            b.expanded(),
                            b.out(),
                            b.se(),
                            Optional.of(act),
                            b.skip()));
        }

        /// The same without a shortcut.
        Row withoutSkip() {
            var b = block;
            return new Row(
                    repeats,
                    new Spec(
                            b.kind(),
                            b.kernel(),
                            b.stride(),
                            b.expansion(),
                            b.expanded(),
                            b.out(),
                            b.se(),
                            b.act(),
                            false));
        }
    }

    /// How depths become whole.
    enum Depth {
        UP,
        NEAREST
    }

    static MobileStage of(Row... rows) {
        return new MobileStage(List.of(rows));
    }

    /// @param skip whether there is a shortcut
    static Row convolution(int repeats, int kernel, int out, boolean skip) {
        return row(repeats, Kind.CONVOLUTION, kernel, 1, 1, out, 0, skip);
    }

    static Row separable(int repeats, int kernel, int stride, int out, double se) {
        return row(repeats, Kind.SEPARABLE, kernel, stride, 1, out, se, true);
    }

    static Row inverted(int repeats, int kernel, int stride, double expansion, int out, double se) {
        return row(repeats, Kind.INVERTED, kernel, stride, expansion, out, se, true);
    }

    static Row edge(int repeats, int kernel, int stride, double expansion, int out) {
        return row(repeats, Kind.EDGE, kernel, stride, expansion, out, 0, true);
    }

    static Row row(int repeats, Kind kind, int kernel, int stride, double expansion, int out, double se, boolean skip) {
        return new Row(repeats, new Spec(kind, kernel, stride, expansion, 0, out, se, Optional.empty(), skip));
    }

    /// The blocks of a deeper and wider stage. Rows are scaled together, from the last to the first, so that the first
    /// is repeated least.
    ///
    /// @param widths from channels at width 1 to those of the model
    List<Spec> scaled(double depth, Depth rounding, IntUnaryOperator widths) {
        var left = rows.stream().mapToInt(Row::repeats).sum();
        var wanted = rounding == Depth.UP ? (int) Math.ceil(left * depth) : Math.max(1, (int) Math.rint(left * depth));
        var blocks = new ArrayList<Spec>();
        for (var row : rows.reversed()) {
            var repeats = Math.max(1, (int) Math.rint((double) row.repeats / left * wanted));
            blocks.addAll(Collections.nCopies(repeats, wider(row.block, widths)));
            left -= row.repeats;
            wanted -= repeats;
        }
        return blocks.reversed();
    }

    private static Spec wider(Spec b, IntUnaryOperator widths) {
        return new Spec(
                b.kind(),
                b.kernel(),
                b.stride(),
                b.expansion(),
                b.expanded() == 0 ? 0 : widths.applyAsInt(b.expanded()),
                widths.applyAsInt(b.out()),
                b.se(),
                b.act(),
                b.skip());
    }
}
