/// Files of weights, as their makers publish them, and nothing of any model: named tensors out of `.safetensors`, out of
/// what `torch.save` writes (`.pth`, `.pt`, `.bin`), and out of NumPy's `.npz`.
///
/// [dev.lejepa.graphs.weights.WeightsFile] maps a file into memory and gives a tree of dictionaries
/// ([dev.lejepa.graphs.weights.WeightsNode]) whose leaves are [stored tensors][dev.lejepa.graphs.weights.StoredTensor]:
/// views of the mapping, read and converted to float32 only where and when someone asks. No file can run anything: a
/// pickle is read by [dev.lejepa.graphs.weights.TensorUnpickler], which knows the few names that tensors are built
/// with and refuses to call any other.
@NullMarked
package dev.lejepa.graphs.weights;

import org.jspecify.annotations.NullMarked;
