package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.graphs.npy.NpyType;
import dev.lejepa.graphs.npy.NpyView;
import dev.lejepa.graphs.safetensors.ElementType;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;

/// What `numpy.savez` writes: a zip file of `.npy` members, each an array under its name.
final class NpzFile {
    private static final String SUFFIX = ".npy";

    private NpzFile() {}

    /// Whether all members are arrays.
    static boolean isOne(ZipDirectory zip) {
        for (String name : zip.names()) {
            if (!name.endsWith(SUFFIX)) {
                return false;
            }
        }
        return true;
    }

    /// @param file names the file in messages
    /// @throws BadInputException if a member is no array of numbers
    static WeightsNode.Group read(String file, ZipDirectory zip, Arena arena) {
        var arrays = new LinkedHashMap<String, WeightsNode>();
        for (String name : zip.names()) {
            NpyView view = NpyFile.view(file + ": " + name, zip.bytes(name, arena));
            arrays.put(name.substring(0, name.length() - SUFFIX.length()), new WeightsNode.Leaf(tensor(view)));
        }
        if (arrays.isEmpty()) {
            throw new BadInputException(Text.format("%s: is an empty zip file, expected arrays in it", file));
        }
        return new WeightsNode.Group(arrays);
    }

    private static StoredTensor tensor(NpyView view) {
        var order = view.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        var shape = view.shape();
        var strides =
                view.fortran() ? StoredTensor.rowMajor(shape.reversed()).reversed() : StoredTensor.rowMajor(shape);
        return new StoredTensor(type(view.type()), order, shape, strides, view.data());
    }

    private static ElementType type(NpyType type) {
        return switch (type) {
            case BOOL -> ElementType.BOOL;
            case INT8 -> ElementType.I8;
            case INT16 -> ElementType.I16;
            case INT32 -> ElementType.I32;
            case INT64 -> ElementType.I64;
            case UINT8 -> ElementType.U8;
            case UINT16 -> ElementType.U16;
            case UINT32 -> ElementType.U32;
            case UINT64 -> ElementType.U64;
            case FLOAT16 -> ElementType.F16;
            case FLOAT32 -> ElementType.F32;
            case FLOAT64 -> ElementType.F64;
        };
    }
}
