package dev.lejepa.graphs.npy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Element types that are read: each has the `descr` that is written, its size, and the names that NumPy takes for it.
public enum NpyType {
    BOOL("|b1", 1, "b1 ? bool bool_"),
    INT8("|i1", 1, "i1 b int8 byte"),
    INT16("<i2", 2, "i2 h int16 short"),
    INT32("<i4", 4, "i4 i int32 intc"),
    INT64("<i8", 8, "i8 l q p int64 int int_ long longlong intp"),
    UINT8("|u1", 1, "u1 B uint8 ubyte"),
    UINT16("<u2", 2, "u2 H uint16 ushort"),
    UINT32("<u4", 4, "u4 I uint32 uintc"),
    UINT64("<u8", 8, "u8 L Q P uint64 uint ulong ulonglong uintp"),
    FLOAT16("<f2", 2, "f2 e float16 half"),
    FLOAT32("<f4", 4, "f4 f float32 single"),
    FLOAT64("<f8", 8, "f8 d float64 float float_ double");

    private final String descr;
    private final int bytes;
    private final List<String> names;

    NpyType(String descr, int bytes, String names) {
        this.descr = descr;
        this.bytes = bytes;
        this.names = List.of(names.split(" "));
    }

    /// NumPy's name, such as `<f4`.
    public String descr() {
        return descr;
    }

    /// Bytes of one element.
    public int bytes() {
        return bytes;
    }

    /// Whether its elements are floating-point numbers.
    public boolean isFloat() {
        return switch (this) {
            case FLOAT16, FLOAT32, FLOAT64 -> true;
            case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> false;
        };
    }

    /// The type of one of NumPy's names, without a mark of byte order before it.
    static Optional<NpyType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.names.contains(name)).findFirst();
    }
}
