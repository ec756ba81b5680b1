package dev.lejepa.tools.reliability;

import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.graphs.npy.NpyMatrix;
import dev.lejepa.graphs.safetensors.ElementType;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.graphs.safetensors.SafetensorsWriter;
import dev.lejepa.graphs.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Files of tensors.
final class TensorTargets {
    private TensorTargets() {}

    static FuzzTarget safetensors(Path scratch) throws IOException {
        var file = scratch.resolve("fuzz.safetensors");
        var seeds = new ArrayList<byte[]>();
        for (var notes : List.of(Map.<String, String>of(), Map.of("format", "pt"))) {
            new SafetensorsWriter(notes)
                    .add(TensorInfo.of("a.weight", ElementType.F32, 2, 3), MemorySegment.ofArray(new byte[24]))
                    .add(TensorInfo.of("b", ElementType.BF16, 5), MemorySegment.ofArray(new byte[10]))
                    .add(TensorInfo.of("step", ElementType.I64), MemorySegment.ofArray(new byte[8]))
                    .write(file);
            seeds.add(Files.readAllBytes(file));
        }
        var words = List.of(
                "{",
                "}",
                "[",
                "]",
                "\"",
                ",",
                ":",
                "\"dtype\":\"F32\"",
                "\"F64\"",
                "\"shape\":[]",
                "\"data_offsets\":",
                "__metadata__",
                "\"\\u000a\":",
                "null",
                "{\"a\":",
                "\\n",
                "\n",
                "\u0000");
        return FuzzTarget.of(Format.SAFETENSORS, seeds, words, input -> {
                    Files.write(file, input);
                    readSafetensors(file);
                })
                .repairedBy(TensorTargets::withHeaderLength);
    }

    private static void readSafetensors(Path file) throws IOException {
        try (var tensors = SafetensorsFile.open(file)) {
            tensors.metadata();
            for (var info : tensors.tensors().values()) {
                tensors.bytes(info);
                tensors.bytes("a.weight");
                switch (info.type()) {
                    case F32 -> tensors.floats(info.name());
                    case F64 -> tensors.doubles(info.name());
                    case I64 -> tensors.longs(info.name());
                    case BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, U64 -> {}
                }
            }
        }
    }

    /// The header ends with the spaces behind its last brace.
    private static byte[] withHeaderLength(byte[] file) {
        var end = file.length;
        while (end > Math.min(Long.BYTES, file.length) && file[end - 1] != '}') {
            end--;
        }
        if (end <= Long.BYTES) {
            return file;
        }
        while (end < file.length && file[end] == ' ') {
            end++;
        }
        return little(file).putLong(0, end - Long.BYTES).array();
    }

    private static ByteBuffer little(byte[] file) {
        return ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
    }

    static FuzzTarget npy(Path scratch) throws IOException {
        var file = scratch.resolve("fuzz.npy");
        var seeds = new ArrayList<byte[]>();
        NpyFile.write(file, new float[12], 3, 4);
        seeds.add(Files.readAllBytes(file));
        NpyFile.write(file, new long[5], 5);
        seeds.add(Files.readAllBytes(file));
        NpyFile.write(file, new double[8], 2, 2, 2);
        seeds.add(Files.readAllBytes(file));
        var words = List.of(
                "'descr'",
                "'fortran_order'",
                "'shape'",
                "True",
                "False",
                "(",
                ")",
                ",",
                "'<f4'",
                "'>f8'",
                "'|u1'",
                "'<f2'",
                "'|O'",
                "'<i8'",
                "[('a', '<f4')]",
                "{",
                "}",
                "L",
                "\n",
                "\u0002",
                "\u0003",
                "()");
        return FuzzTarget.of(Format.NPY, seeds, words, input -> {
                    Files.write(file, input);
                    var array = NpyFile.read(file);
                    array.toDoubles();
                    array.toFloats();
                    if (array.shape().size() == 2 && array.type().isFloat()) {
                        readMatrix(NpyFile.matrix(file));
                    }
                })
                .repairedBy(TensorTargets::withDictionaryLength);
    }

    private static void readMatrix(NpyMatrix matrix) {
        if (matrix.rows() > 0 && matrix.columns() > 0) {
            matrix.at(matrix.rows() - 1, matrix.columns() - 1);
        }
    }

    /// The dictionary ends where its line does.
    private static byte[] withDictionaryLength(byte[] file) {
        var end = 10;
        while (end < file.length && file[end] != '\n') {
            end++;
        }
        return end < file.length ? little(file).putShort(8, (short) (end - 9)).array() : file;
    }
}
