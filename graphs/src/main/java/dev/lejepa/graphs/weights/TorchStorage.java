package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.safetensors.ElementType;
import java.util.Optional;

/// A block of memory that a pickle of torch names and that lies elsewhere in the file.
///
/// @param key under which the file has its bytes
/// @param type of its elements; empty where they are bytes of any type, or of one that is not read
/// @param typeName as torch calls it
/// @param begin elements before it in the block of this key; 0 but for old views of storages
/// @param elements that it has
record TorchStorage(String key, Optional<ElementType> type, String typeName, long begin, long elements) {}
