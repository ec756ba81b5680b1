package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The rows `[..., C]` of a formula's operands, and where each operand lies in them.
///
/// @param dims of the rows
/// @param operands dimensions of each operand, aligned with them: 1 where it is broadcast
record RowShape(List<Long> dims, List<List<Long>> operands) {
    /// @throws IllegalArgumentException if the operands do not broadcast
    static RowShape of(List<long[]> shapes) {
        var rank = shapes.stream().mapToInt(s -> s.length).max().orElse(0);
        var aligned = shapes.stream().map(s -> aligned(s, rank)).toList();
        var dims = new ArrayList<Long>();
        for (var axis = 0; axis < rank; axis++) {
            var at = axis;
            var lengths = aligned.stream()
                    .map(s -> s.get(at))
                    .filter(d -> d != 1)
                    .distinct()
                    .toList();
            if (lengths.size() > 1) {
                throw new IllegalArgumentException(Text.format("%s do not broadcast", aligned));
            }
            dims.add(lengths.isEmpty() ? 1 : lengths.getFirst());
        }
        return new RowShape(List.copyOf(dims), aligned);
    }

    private static List<Long> aligned(long[] shape, int rank) {
        var dims = new ArrayList<Long>();
        for (var axis = 0; axis < rank; axis++) {
            var own = axis - (rank - shape.length);
            dims.add(own < 0 ? 1 : shape[own]);
        }
        return List.copyOf(dims);
    }

    long columns() {
        return dims.getLast();
    }

    long rows() {
        return dims.subList(0, dims.size() - 1).stream().reduce(1L, Math::multiplyExact);
    }

    /// An operand that is broadcast nowhere, so that the rows have another number when it has. Where a dimension is 1,
    /// it might be one that is broadcast for other batches.
    OptionalInt whole() {
        if (dims.contains(1L)) {
            return OptionalInt.empty();
        }
        return IntStream.range(0, operands.size())
                .filter(i -> operands.get(i).equals(dims))
                .findFirst();
    }

    /// Whether the rows have these dimensions.
    boolean isOf(long[] shape) {
        return shape.length == dims.size() && IntStream.range(0, shape.length).allMatch(i -> shape[i] == dims.get(i));
    }

    /// Whether an operand has one number for each row that it has.
    boolean isPerRow(int operand) {
        return operands.get(operand).getLast() == 1 && columns() > 1;
    }

    /// Whether an operand has rows of its own, not one for all.
    boolean hasRows(int operand) {
        var own = operands.get(operand);
        return own.subList(0, own.size() - 1).stream().anyMatch(d -> d != 1);
    }

    /// The number of an operand's row as an expression of C over `row`: axes that are kept or broadcast together are
    /// taken apart by divisions by constants.
    String ownRow(int operand) {
        var own = operands.get(operand);
        var terms = new ArrayList<String>();
        var inside = 1L; // rows inside the axes that are looked at
        var stride = 1L;
        for (var axis = dims.size() - 2; axis >= 0; ) {
            var kept = own.get(axis).equals(dims.get(axis));
            var length = 1L;
            for (; axis >= 0 && (dims.get(axis) == 1 || own.get(axis).equals(dims.get(axis)) == kept); axis--) {
                length *= dims.get(axis);
            }
            if (kept && length > 1) {
                terms.add(term(inside, length, stride));
                stride *= length;
            }
            inside *= length;
        }
        return terms.isEmpty() ? "0u" : String.join(" + ", terms);
    }

    private String term(long inside, long length, long stride) {
        var index = inside == 1 ? "row" : Text.format("row / %du", inside);
        if (inside * length < rows()) {
            index = Text.format("(%s) %% %du", index, length);
        }
        return stride == 1 ? index : Text.format("(%s) * %du", index, stride);
    }
}
