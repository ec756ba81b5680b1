package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.RowFormula;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What the emulated kernels of a formula made, judged: what they computed and what the interpreter does must lie in
/// bounds, all orders of warps give the same bits, and nothing is written beside results.
///
/// @param known elements whose bounds say something
/// @param fault the first thing that is wrong
record RowOutcome(long known, long elements, Optional<String> fault) {
    private static final int DIFFERS = 1;
    private static final int WROTE_ELSEWHERE = 2;

    /// Reads a case's results and flags.
    static RowOutcome of(RowCases.Case c, ByteBuffer results) {
        var operands = IntStream.range(0, c.formula().inputs().size())
                .mapToObj(c::operand)
                .toList();
        var exact = Interpreter.evaluate(c.fused(), c.operands(), c.rows().outputs());
        var types = c.formula().results().stream().map(RowFormula.Result::type).toList();
        return of(types, RowBounds.of(c.formula(), operands), exact, results);
    }

    /// The same of other kernels' results.
    ///
    /// @param exact what the interpreter makes of the operands
    static RowOutcome of(List<DType> types, List<Bounds> bounds, List<NdArray> exact, ByteBuffer results) {
        var known = 0L;
        var elements = 0L;
        var fault = Optional.<String>empty();
        for (var r = 0; r < bounds.size(); r++) {
            var b = bounds.get(r);
            elements += b.size();
            for (var i = 0; i < b.size(); i++) {
                var found = next(types.get(r), results);
                if (b.isKnown(i)) {
                    known++;
                    var wrong = wrong(b, i, found, exact.get(r).get(i));
                    fault = fault.or(() -> wrong);
                }
            }
        }
        var flags = results.getInt();
        return new RowOutcome(known, elements, fault.or(() -> fault(flags)));
    }

    private static double next(DType type, ByteBuffer results) {
        return type == DType.BFLOAT16 ? BFloat16.value(results.getShort()) : results.getFloat();
    }

    private static Optional<String> wrong(Bounds b, int i, double kernel, double interpreter) {
        return b.holds(i, kernel) && b.holds(i, interpreter)
                ? Optional.empty()
                : Optional.of("[%d] is %s, in the interpreter %s, expected it between %s and %s"
                        .formatted(i, kernel, interpreter, b.low()[i], b.high()[i]));
    }

    private static Optional<String> fault(int flags) {
        return switch (flags) {
            case 0 -> Optional.empty();
            case DIFFERS -> Optional.of("another order of warps gives other bits");
            case WROTE_ELSEWHERE -> Optional.of("something is written beside results");
            case DIFFERS | WROTE_ELSEWHERE -> Optional.of("bits differ, and something is written beside results");
            default -> throw new IllegalArgumentException("flags " + flags);
        };
    }
}
