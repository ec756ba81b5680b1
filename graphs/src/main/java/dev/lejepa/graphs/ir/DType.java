package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.Locale;

/// The element type of a tensor.
public enum DType {
    FLOAT32(4),
    FLOAT16(2),
    BFLOAT16(2),
    INT64(8),
    INT32(4),
    UINT8(1),
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes of one element.
    public int bytes() {
        return bytes;
    }

    /// Whether gradients can flow through values of this type.
    public boolean isFloat() {
        return this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
    }

    /// The name that manifests use: `float32`, `int64`, ...
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The type with this [#label()].
    ///
    /// @throws IllegalArgumentException if there is none
    public static DType of(String label) {
        for (var t : values()) {
            if (t.label().equals(label)) {
                return t;
            }
        }
        throw new IllegalArgumentException(Text.format("no element type is called '%s'", label));
    }
}
