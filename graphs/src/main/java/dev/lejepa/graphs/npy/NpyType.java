package dev.lejepa.graphs.npy;

import java.util.Arrays;
import java.util.Optional;

/// Element types that are read and written: each has NumPy's `descr` string and its size.
public enum NpyType {
    FLOAT16("<f2", 2),
    FLOAT32("<f4", 4),
    FLOAT64("<f8", 8),
    INT32("<i4", 4),
    INT64("<i8", 8),
    UINT8("|u1", 1);

    private final String descr;
    private final int bytes;

    NpyType(String descr, int bytes) {
        this.descr = descr;
        this.bytes = bytes;
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
            case INT32, INT64, UINT8 -> false;
        };
    }

    static Optional<NpyType> of(String descr) {
        return Arrays.stream(values()).filter(t -> t.descr.equals(descr)).findFirst();
    }
}
