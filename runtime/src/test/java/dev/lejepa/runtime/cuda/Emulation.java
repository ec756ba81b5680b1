package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Kernels of formulas of rows on a host without CUDA: compiled as C++ over `tools/interop/cuda_emulation/emulation.h`,
/// which runs them on emulated warps.
final class Emulation {
    private static final Path HEADER =
            Path.of("../tools/interop/cuda_emulation").toAbsolutePath();

    private final Path folder;
    private final StringBuilder source = new StringBuilder();
    private final StringBuilder main = new StringBuilder();

    Emulation(Path folder) {
        this.folder = folder;
        source.append("#include \"emulation.h\"\n#include <cstdio>\n#include <cstdlib>\n");
        source.append(asHost(RowModules.prelude()));
        source.append("""
                static FILE *in, *out;
                static void *take(size_t bytes) {
                    void *p = aligned_alloc(64, (bytes + 63) / 64 * 64);
                    if (fread(p, 1, bytes, in) != bytes) { abort(); }
                    return p;
                }
                static void *fresh(size_t bytes) {
                    void *p = aligned_alloc(64, (bytes + 63) / 64 * 64);
                    memset(p, 0xff, bytes);
                    return p;
                }
                static void give(const void *p, size_t bytes) { fwrite(p, 1, bytes, out); }
                """);
    }

    static boolean isThere() {
        try {
            return Files.exists(HEADER.resolve("emulation.h"))
                    && new ProcessBuilder("g++", "--version")
                                    .redirectErrorStream(true)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start()
                                    .waitFor()
                            == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private static String asHost(String cuda) {
        return cuda.replace("extern \"C\"", "static");
    }

    /// Adds code of another kind, and what runs it.
    void add(String kernels, String runs) {
        source.append(asHost(kernels));
        main.append(runs);
    }

    /// Adds a case; its operands are read and its results written in this order.
    void add(int number, RowCases.Case c) {
        var formula = c.formula();
        var shape = c.shape();
        var grid = RowGrid.of(formula, shape);
        source.append("namespace case%d {\n%s}\n".formatted(number, asHost(RowCode.of(formula, shape))));
        main.append("{\n");
        var arguments = new ArrayList<String>();
        for (var i = 0; i < formula.inputs().size(); i++) {
            var value = c.rows().inputs().get(i);
            var type = value.type().dtype();
            main.append("auto x%d = (%s *)take(%d);%n"
                    .formatted(i, word(type), value.shape().size() * type.bytes()));
            arguments.add("x" + i);
        }
        var sums = RowSteps.sums(formula);
        var ofSums = new String[] {"nullptr", "nullptr", "nullptr", "nullptr"};
        for (var i = 0; i < formula.results().size(); i++) {
            var r = formula.results().get(i);
            main.append("auto y%d = (%s *)fresh(%d);%n".formatted(i, word(r.type()), bytes(c, i)));
            var sum = sums.indexOf(r.register());
            if (sum < 0) {
                arguments.add("y" + i);
            } else {
                ofSums[sum] = "y" + i;
            }
        }
        if (!sums.isEmpty()) {
            main.append(
                    "auto parts = (float *)fresh(%d);%n".formatted(grid.blocks() * sums.size() * shape.columns() * 4));
            arguments.add("parts");
        }
        main.append("launch({%d, 1, 1}, %d, 0, [&] { case%d::%s(%s); });%n"
                .formatted(grid.blocks(), grid.threads(), number, RowCode.name(formula), String.join(", ", arguments)));
        if (!sums.isEmpty()) {
            main.append("launch({%d, 1, 1}, 1024, 0, [&] { add_parts(parts, %d, %d, %d, %s); });%n"
                    .formatted(
                            RowSums.launch(Math.toIntExact(sums.size() * shape.columns()))
                                    .gridX(),
                            grid.blocks(),
                            sums.size(),
                            shape.columns(),
                            String.join(", ", ofSums)));
        }
        for (var i = 0; i < formula.results().size(); i++) {
            main.append("give(y%d, %d);%n".formatted(i, bytes(c, i)));
        }
        main.append("}\n");
    }

    private static String word(DType type) {
        return type == DType.BFLOAT16 ? "bf16" : "float";
    }

    static long bytes(RowCases.Case c, int result) {
        var r = c.formula().results().get(result);
        var size = 1L;
        for (var d : RowResults.shape(c.formula(), c.shape(), r.register())) {
            size *= d;
        }
        return size * r.type().bytes();
    }

    /// Compiles and runs all that was added.
    ByteBuffer run(ByteBuffer operands) throws IOException, InterruptedException {
        source.append("int main() {\nin = fopen(\"in\", \"rb\");\nout = fopen(\"out\", \"wb\");\n")
                .append(main)
                .append("fclose(out);\n}\n");
        Files.writeString(folder.resolve("rows.cpp"), source, StandardCharsets.UTF_8);
        Files.write(folder.resolve("in"), operands.array());
        call("g++", "-std=c++20", "-O1", "-fno-strict-aliasing", "-w", "-I" + HEADER, "rows.cpp", "-o", "rows");
        call(folder.resolve("rows").toString());
        return ByteBuffer.wrap(Files.readAllBytes(folder.resolve("out"))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void call(String... command) throws IOException, InterruptedException {
        var log = folder.resolve("log");
        var process = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(command[0] + " failed: " + Files.readString(log));
        }
    }

    static void put(ByteBuffer to, DType type, NdArray values) {
        for (var x : values.data()) {
            if (type == DType.BFLOAT16) {
                to.putShort(BFloat16.bits((float) x));
            } else {
                to.putFloat((float) x);
            }
        }
    }
}
