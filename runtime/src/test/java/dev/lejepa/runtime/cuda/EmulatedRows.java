package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Rewritten;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The C++ code that calls the kernels of a formula of rows: some times over, with warps in another order each time.
final class EmulatedRows {
    private final int number;
    private final RowCases.Case c;
    private final RowShape shape;
    private final RowGrid grid;
    private final List<Integer> sums;

    private EmulatedRows(int number, RowCases.Case c) {
        this.number = number;
        this.c = c;
        this.shape = c.shape();
        this.grid = RowGrid.of(c.formula(), shape);
        this.sums = RowSteps.sums(c.formula());
    }

    /// Adds a case: its operands, its results in their order, and a word of flags.
    ///
    /// @param number that no other case has; the orders of warps follow from it
    /// @param kernels CUDA source of its kernels
    static void add(Emulation emulation, int number, RowCases.Case c, String kernels, int runs) {
        var inputs = c.rows().inputs();
        for (var i = 0; i < inputs.size(); i++) {
            emulation.feed(inputs.get(i).type().dtype(), c.operand(i));
        }
        var rows = new EmulatedRows(number, c);
        emulation.add(
                "namespace case%d {\n%s%s}\n".formatted(number, Emulation.asHost(kernels), rows.code(runs)),
                "case%d::run();\n".formatted(number));
    }

    /// How many bytes a result has.
    static long bytes(RowCases.Case c, int result) {
        var r = c.formula().results().get(result);
        var dims = RowResults.shape(c.formula(), c.shape(), r.register());
        return Arrays.stream(dims).reduce(r.type().bytes(), Math::multiplyExact);
    }

    private String code(int runs) {
        var code = new StringBuilder();
        var arguments = new ArrayList<String>();
        var taken = new StringBuilder();
        for (var i = 0; i < c.formula().inputs().size(); i++) {
            var v = c.rows().inputs().get(i);
            var word = word(v.type().dtype());
            var bytes = v.shape().size() * v.type().dtype().bytes();
            code.append("static %s *given%d, *x%d;\n".formatted(word, i, i));
            taken.append("given%d = x%d = (%s *)take(%d);\n".formatted(i, i, word, bytes));
            arguments.add("x" + i);
        }
        var made = new StringBuilder();
        var given = new StringBuilder();
        var ofSums = new String[Rewritten.Rows.MOST_SUMS];
        Arrays.fill(ofSums, "nullptr");
        for (var i = 0; i < c.formula().results().size(); i++) {
            var r = c.formula().results().get(i);
            code.append("static %s *y%d;\n".formatted(word(r.type()), i));
            made.append(made(i));
            given.append("result(y%d, %d);\n".formatted(i, bytes(c, i)));
            var sum = sums.indexOf(r.register());
            if (sum < 0) {
                arguments.add("y" + i);
            } else {
                ofSums[sum] = "y" + i;
            }
        }
        var launches = "launch({%d, 1, 1}, %d, 0, call);\n".formatted(grid.blocks(), grid.threads());
        if (!sums.isEmpty()) {
            var places = sums.size() * shape.columns();
            code.append("static float *parts;\n");
            made.append("parts = (float *)fresh(%d);\n".formatted(grid.blocks() * places * Float.BYTES));
            arguments.add("parts");
            code.append("static void addUp() { add_parts(parts, %d, %d, %d, %s); }\n"
                    .formatted(grid.blocks(), sums.size(), shape.columns(), String.join(", ", ofSums)));
            launches += "launch({%d, 1, 1}, 1024, 0, addUp);\n"
                    .formatted(RowSums.launch(Math.toIntExact(places)).gridX());
        }
        return code.append("static void call() { %s(%s); }\n"
                        .formatted(RowCode.name(c.formula()), String.join(", ", arguments)))
                .append("static void run() {\n")
                .append(taken)
                .append("for (int i = 0; i < %d; i++) {\nagain();\nturns.seed(%d + i);\n"
                        .formatted(runs, number * runs))
                .append(made)
                .append(launches)
                .append(given)
                .append("}\nfinish();\n}\n")
                .toString();
    }

    /// A result's place: sometimes that of an operand, where each thread reads before it writes.
    private String made(int result) {
        var r = c.formula().results().get(result);
        var bytes = bytes(c, result);
        var operand = (number + result) % (c.formula().inputs().size() + 1);
        var inPlace = grid.perRow() == 0
                && result == 0
                && operand < c.formula().inputs().size()
                && shape.operands().get(operand).equals(shape.dims())
                && c.formula().inputs().get(operand) == r.type();
        return inPlace
                ? "y%d = x%d = (%s *)copyOf(given%d, %d);\n".formatted(result, operand, word(r.type()), operand, bytes)
                : "y%d = (%s *)fresh(%d);\n".formatted(result, word(r.type()), bytes);
    }

    private static String word(DType type) {
        return type == DType.BFLOAT16 ? "bf16" : "float";
    }
}
