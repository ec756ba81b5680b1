package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.safetensors.ElementType;
import java.util.List;

/// A tensor as a pickle of torch describes it: a view of a storage.
///
/// @param offset elements of the storage before the first
record TorchTensor(TorchStorage storage, ElementType type, long offset, List<Long> shape, List<Long> strides) {}
