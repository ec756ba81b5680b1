package dev.lejepa.runtime.cudart;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudnnDescriptors.Descriptor;
import java.util.List;
import java.util.stream.Stream;

/// A convolution of bfloat16 maps or one of its gradients, which is bfloat16 as well, with sums in float32. Maps lie in
/// memory as `[N, H, W, C]`, filters as `[O, kh, kw, C / groups]`.
///
/// @param direction what is computed
/// @param x sizes of the maps, `N, C, H, W`
/// @param filters their sizes, `O, C / groups, kh, kw`
/// @param y sizes of the result, `N, O, H, W`
/// @param strides of rows and columns, as the next three
/// @param before rows and columns of zeros above and left of the maps
/// @param after rows and columns of zeros below and right of the maps
/// @param dilations steps from one row or column of the filters to the next
public record CudnnConvolution(
        Direction direction,
        List<Long> x,
        List<Long> filters,
        List<Long> y,
        List<Long> strides,
        List<Long> before,
        List<Long> after,
        List<Long> dilations) {
    // cudnnBackendDescriptorType_t and its attributes
    private static final int CONVOLUTION = 1;
    private static final int COMPUTE_TYPE = 100;
    private static final int MODE = 101;
    private static final int DILATIONS = 102;
    private static final int STRIDES = 103;
    private static final int AFTER = 104;
    private static final int BEFORE = 105;
    private static final int SPATIAL_DIMS = 106;
    private static final int TENSOR = 17;
    private static final int ALIGNMENT = 900;
    private static final int DATA_TYPE = 901;
    private static final int DIMENSIONS = 902;
    private static final int TENSOR_STRIDES = 903;
    private static final int UNIQUE_ID = 906;

    // of an operation, after its first attribute
    private static final int ALPHA = 0;
    private static final int BETA = 1;
    private static final int WINDOW = 2;
    private static final int FILTERS = 3;
    private static final int X = 4;
    private static final int Y = 5;

    private static final int CROSS_CORRELATION = 1;
    private static final int FLOAT = 0; // CUDNN_DATA_FLOAT
    private static final int BFLOAT16 = 9; // CUDNN_DATA_BFLOAT16

    /// Bytes that every tensor begins at a multiple of.
    private static final long ALIGNED = 16;

    static final long ID_OF_X = 1;
    static final long ID_OF_FILTERS = 2;
    static final long ID_OF_Y = 3;

    /// What is computed of the three tensors.
    public enum Direction {
        FORWARD(10, 700),
        /// The gradient of the maps, in their place, from that of the result.
        MAPS(12, 706),
        /// The gradient of the filters, in their place, from that of the result.
        FILTERS(11, 712);

        private final int kind;
        private final int first;

        /// @param kind of descriptor
        /// @param first of its attributes, whose numbers follow each other
        Direction(int kind, int first) {
            this.kind = kind;
            this.first = first;
        }
    }

    /// The operation for cuDNN.
    Descriptor describe(CudnnDescriptors all) {
        var window = all.make(CONVOLUTION)
                .with(SPATIAL_DIMS, CudnnDescriptors.INT64, 2)
                .withConstant(COMPUTE_TYPE, CudnnDescriptors.DATA_TYPE, FLOAT)
                .withConstant(MODE, CudnnDescriptors.CONVOLUTION_MODE, CROSS_CORRELATION)
                .with(STRIDES, CudnnDescriptors.INT64, array(strides))
                .with(BEFORE, CudnnDescriptors.INT64, array(before))
                .with(AFTER, CudnnDescriptors.INT64, array(after))
                .with(DILATIONS, CudnnDescriptors.INT64, array(dilations))
                .complete();
        return all.make(direction.kind)
                .withFloat(direction.first + ALPHA, 1)
                .withFloat(direction.first + BETA, 0)
                .with(direction.first + WINDOW, window)
                .with(direction.first + FILTERS, tensor(all, ID_OF_FILTERS, filters))
                .with(direction.first + X, tensor(all, ID_OF_X, x))
                .with(direction.first + Y, tensor(all, ID_OF_Y, y))
                .complete();
    }

    private static Descriptor tensor(CudnnDescriptors all, long id, List<Long> dims) {
        var channels = dims.get(1);
        var row = channels * dims.get(3);
        return all.make(TENSOR)
                .withConstant(DATA_TYPE, CudnnDescriptors.DATA_TYPE, BFLOAT16)
                .with(DIMENSIONS, CudnnDescriptors.INT64, array(dims))
                .with(TENSOR_STRIDES, CudnnDescriptors.INT64, row * dims.get(2), 1, row, channels)
                .with(UNIQUE_ID, CudnnDescriptors.INT64, id)
                .with(ALIGNMENT, CudnnDescriptors.INT64, ALIGNED)
                .complete();
    }

    /// Of all three tensors.
    long bytes() {
        return 2
                * Stream.of(x, filters, y)
                        .mapToLong(dims -> dims.stream().reduce(1L, Math::multiplyExact))
                        .sum();
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public String toString() {
        return Text.format(
                "convolution (%s) of maps %s with filters %s, strides %s, padding %s and %s, dilations %s",
                direction, x, filters, strides, before, after, dilations);
    }
}
