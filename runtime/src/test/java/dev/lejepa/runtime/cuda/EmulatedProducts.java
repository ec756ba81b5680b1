package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.interpret.Interpreter;

/// The C++ code that calls the kernel of a product with its formula: some times over, with warps in another order each
/// time.
final class EmulatedProducts {
    private EmulatedProducts() {}

    /// Adds what all cases share, before the first of them.
    static void addKernels(Emulation emulation) {
        emulation.addKernels("#include \"warpgroups.h\"\n" + ProductCode.prelude());
    }

    /// Adds a case: its operands, its results in their order, and a word of flags.
    ///
    /// @param number that no other case has; the orders of warps follow from it
    /// @param runs each in another order
    static void add(Emulation emulation, int number, ProductCases.Case c, int runs) {
        var shape = c.shape();
        var rows = c.formula().rows();
        var values = Interpreter.evaluate(c.graph(), c.operands(), c.inputs());
        var sums = RowSteps.sums(rows);
        var parts = Math.max(1, shape.tilesDown() * sums.size() * shape.columns());
        var code = new StringBuilder("static Arguments arguments;\nstatic void call() { product(arguments); }\n");
        var run = new StringBuilder();
        var ofSums = new String[] {"nullptr", "nullptr", "nullptr", "nullptr"};
        for (var i = 0; i < c.inputs().size(); i++) {
            var v = c.inputs().get(i);
            emulation.feed(v.type().dtype(), values.get(i));
            run.append("auto x%d = take(%d);\n"
                    .formatted(i, v.shape().size() * v.type().dtype().bytes()));
        }
        run.append("for (int i = 0; i < %d; i++) {\nagain();\nturns.seed(%d + i);\n".formatted(runs, number * runs));
        var bRows = c.formula().transB() ? ProductShape.TILE : ProductShape.PIECE;
        run.append(
                "arguments.a = {{(unsigned long long)x0, %d, %d, 64, 128}};\n".formatted(c.dims(0)[1], c.dims(0)[0]));
        run.append("arguments.b = {{(unsigned long long)x1, %d, %d, 64, %d}};\n"
                .formatted(c.dims(1)[1], c.dims(1)[0], bRows));
        for (var i = 1; i < rows.inputs().size(); i++) {
            run.append("arguments.x%d = (%s *)x%d;\n"
                    .formatted(i, RowExpressions.type(rows.inputs().get(i)), i + 1));
        }
        var given = new StringBuilder();
        for (var i = 0; i < c.node().outputs().size(); i++) {
            var v = c.node().outputs().get(i);
            var bytes = v.shape().size() * v.type().dtype().bytes();
            var type = RowExpressions.type(v.type().dtype());
            run.append("auto y%d = (%s *)fresh(%d);\n".formatted(i, type, bytes));
            given.append("result(y%d, %d);\n".formatted(i, bytes));
            var sum = i < rows.results().size()
                    ? sums.indexOf(rows.results().get(i).register())
                    : -1;
            if (sum >= 0) {
                ofSums[sum] = "y" + i;
            } else {
                run.append("arguments.%s = y%d;\n".formatted(i < rows.results().size() ? "y" + i : "kept", i));
            }
        }
        run.append("arguments.parts = (float *)fresh(%d);\n".formatted(parts * Float.BYTES));
        var launch = shape.launch(2);
        run.append("launch({%d, 1, 1}, %d, %d, call);\n"
                .formatted(launch.gridX(), launch.threads(), launch.sharedBytes() / 2));
        if (!sums.isEmpty()) {
            run.append("launch({%d, 1, 1}, 1024, 0, [&] { add_parts(arguments.parts, %d, %d, %d, %s); });\n"
                    .formatted(
                            RowSums.launch(Math.toIntExact(sums.size() * shape.columns()))
                                    .gridX(),
                            shape.tilesDown(),
                            sums.size(),
                            shape.columns(),
                            String.join(", ", ofSums)));
        }
        run.append(given).append("}\nfinish();\n");
        var kernel = Emulation.asHost(ProductCode.ofFormula(c.formula(), shape, c.isRow()))
                .replace(
                        "extern __shared__ unsigned char shared[];",
                        "unsigned char *shared = (unsigned char *)sharedMemory.data();");
        emulation.add(
                "namespace case%d {\n%s%sstatic void run() {\n%s}\n}\n".formatted(number, kernel, code, run),
                "case%d::run();\n".formatted(number));
    }
}
