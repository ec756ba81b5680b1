package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Kernels on a host without CUDA: compiled as C++ over `tools/interop/cuda_emulation/emulation.h`, which runs them on
/// emulated warps.
final class Emulation {
    private static final Path HEADERS =
            Path.of("../tools/interop/cuda_emulation").toAbsolutePath();

    private final Path folder;
    private final StringBuilder source = new StringBuilder();
    private final StringBuilder main = new StringBuilder();
    private final ByteArrayOutputStream operands = new ByteArrayOutputStream();

    Emulation(Path folder) {
        this.folder = folder;
        source.append("#include \"emulation.h\"\n#include \"tensors.h\"\nusing namespace tensors;\n");
    }

    static boolean isThere() {
        try {
            return Files.exists(HEADERS.resolve("emulation.h"))
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

    /// CUDA source as C++.
    static String asHost(String cuda) {
        return cuda.replace("extern \"C\"", "static");
    }

    /// Adds CUDA code.
    void addKernels(String cuda) {
        source.append(asHost(cuda));
    }

    /// Adds code of C++, and calls of it that the program makes after those before.
    void add(String code, String calls) {
        source.append(code);
        main.append(calls);
    }

    /// Adds numbers that the program reads after those before.
    void feed(DType type, NdArray values) {
        var bytes = ByteBuffer.allocate(values.size() * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (var x : values.data()) {
            switch (type) {
                case FLOAT32 -> bytes.putFloat((float) x);
                case BFLOAT16 -> bytes.putShort(BFloat16.bits((float) x));
                case INT64 -> bytes.putLong((long) x);
                case FLOAT16, INT32, BOOL, UINT8 -> throw new IllegalArgumentException("no kernel reads " + type);
            }
        }
        operands.writeBytes(bytes.array());
    }

    /// Compiles and runs all that was added.
    ///
    /// @return what the program gives
    ByteBuffer run() throws IOException, InterruptedException {
        source.append("int main() {\nin = fopen(\"in\", \"rb\");\nout = fopen(\"out\", \"wb\");\n")
                .append(main)
                .append("fclose(out);\n}\n");
        Files.writeString(folder.resolve("kernels.cpp"), source, StandardCharsets.UTF_8);
        Files.write(folder.resolve("in"), operands.toByteArray());
        call("g++", "-std=c++20", "-O1", "-fno-strict-aliasing", "-w", "-I" + HEADERS, "kernels.cpp", "-o", "kernels");
        call(folder.resolve("kernels").toString());
        return ByteBuffer.wrap(Files.readAllBytes(folder.resolve("out"))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void call(String... command) throws IOException, InterruptedException {
        var log = folder.resolve("log");
        var process = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var code = process.waitFor();
        if (code != 0) {
            throw new IOException("%s ended with %d: %s".formatted(command[0], code, Files.readString(log)));
        }
    }
}
