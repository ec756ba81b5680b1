package dev.lejepa.graphs.pretrained;

import dev.lejepa.graphs.weights.StoredTensor;
import java.util.List;

/// How others lay out the numbers of a layer. A tensor of another rank stays as it is.
enum Rearrangement {
    /// As torch has it.
    NONE(0) {
        @Override
        StoredTensor apply(StoredTensor tensor) {
            return tensor;
        }
    },
    /// A product `[in, out]`; torch's is `[out, in]`.
    LINEAR(2) {
        @Override
        StoredTensor apply(StoredTensor tensor) {
            return tensor.permute(1, 0);
        }
    },
    /// A convolution `[height, width, in, out]`; torch's is `[out, in, height, width]`.
    CONVOLUTION(4) {
        @Override
        StoredTensor apply(StoredTensor tensor) {
            return tensor.permute(3, 2, 0, 1);
        }
    },
    /// A product into heads, `[in, heads, width]`.
    INTO_HEADS(3) {
        @Override
        StoredTensor apply(StoredTensor tensor) {
            var shape = tensor.shape();
            return tensor.reshape(List.of(shape.get(0), shape.get(1) * shape.get(2)))
                    .permute(1, 0);
        }
    },
    /// A product out of heads, `[heads, width, out]`.
    OUT_OF_HEADS(3) {
        @Override
        StoredTensor apply(StoredTensor tensor) {
            var shape = tensor.shape();
            return tensor.reshape(List.of(shape.get(0) * shape.get(1), shape.get(2)))
                    .permute(1, 0);
        }
    },
    /// A bias `[heads, width]`.
    HEADS(2) {
        @Override
        StoredTensor apply(StoredTensor tensor) {
            return tensor.reshape(List.of(tensor.count()));
        }
    };

    private final int rank;

    Rearrangement(int rank) {
        this.rank = rank;
    }

    /// The tensor as torch has it.
    StoredTensor of(StoredTensor tensor) {
        return this == NONE || tensor.shape().size() == rank ? apply(tensor) : tensor;
    }

    abstract StoredTensor apply(StoredTensor tensor);
}
