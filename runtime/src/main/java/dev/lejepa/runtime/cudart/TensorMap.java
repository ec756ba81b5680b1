package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.runtime.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// How a kernel copies tiles of a matrix of bfloat16, or of one of many, as words of its argument (`CUtensorMap` of
/// CUDA's driver). Tiles lie in rows of 128 bytes in shared memory, whose pieces of 16 are exchanged by the last three
/// bits of the row's number; where the matrix has none they are zeros.
public final class TensorMap {
    private static final int WORDS = 16;
    private static final int ALIGNMENT = 64;
    private static final int ELEMENT_BYTES = 2;

    private static final int BFLOAT16 = 9; // CU_TENSOR_MAP_DATA_TYPE_BFLOAT16
    private static final int NOT_INTERLEAVED = 0; // CU_TENSOR_MAP_INTERLEAVE_NONE
    private static final int EXCHANGED = 3; // CU_TENSOR_MAP_SWIZZLE_128B
    private static final int CACHED = 2; // CU_TENSOR_MAP_L2_PROMOTION_L2_128B
    private static final int ZEROS = 0; // CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE

    private final NativeFunctions driver;
    private final long[] shape;
    private final int tileRows;
    private final int tileColumns;
    private long address;
    private List<Long> words = List.of();

    TensorMap(NativeFunctions driver, long[] shape, int tileRows, int tileColumns) {
        this.driver = driver;
        this.shape = shape;
        this.tileRows = tileRows;
        this.tileColumns = tileColumns;
    }

    /// For a matrix at a multiple of 16.
    ///
    /// @throws CudaException if the driver does not take it
    public synchronized List<Long> at(long matrix) {
        if (words.isEmpty() || matrix != address) {
            words = encoded(matrix);
            address = matrix;
        }
        return words;
    }

    private List<Long> encoded(long matrix) {
        try (var arena = Arena.ofConfined()) {
            var map = arena.allocate((long) WORDS * Long.BYTES, ALIGNMENT);
            var rank = shape.length;
            var dims = new long[rank]; // from the innermost one on, as everything here
            var strides = new long[rank - 1];
            var tile = new int[rank];
            var steps = new int[rank];
            for (var i = 0; i < rank; i++) {
                dims[i] = shape[rank - 1 - i];
                tile[i] = i == 0 ? tileColumns : i == 1 ? tileRows : 1;
                steps[i] = 1;
            }
            for (var i = 0; i < rank - 1; i++) {
                strides[i] = dims[i] * (i == 0 ? ELEMENT_BYTES : strides[i - 1]);
            }
            var code = driver.invoke(
                    "cuTensorMapEncodeTiled",
                    map,
                    BFLOAT16,
                    rank,
                    MemorySegment.ofAddress(matrix),
                    arena.allocateFrom(JAVA_LONG, dims),
                    arena.allocateFrom(JAVA_LONG, strides),
                    arena.allocateFrom(JAVA_INT, tile),
                    arena.allocateFrom(JAVA_INT, steps),
                    NOT_INTERLEAVED,
                    EXCHANGED,
                    CACHED,
                    ZEROS);
            CudaModule.check(driver, "cuTensorMapEncodeTiled", code);
            return Arrays.stream(map.toArray(JAVA_LONG)).boxed().toList();
        }
    }
}
