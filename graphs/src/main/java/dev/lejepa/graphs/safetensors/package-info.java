/// Safetensors files: named tensors with their bytes, and nothing that could run code.
/// [dev.lejepa.graphs.safetensors.SafetensorsFile] maps a file into memory and checks it before a tensor is read;
/// [dev.lejepa.graphs.safetensors.SafetensorsWriter] streams tensors to a new file that appears only when complete.
///
/// A file is an unsigned little-endian 64-bit length, that many bytes of JSON (name -> `dtype`, `shape`,
/// `data_offsets`), and the tensors' bytes without gaps. See <https://github.com/huggingface/safetensors>.
@NullMarked
package dev.lejepa.graphs.safetensors;

import org.jspecify.annotations.NullMarked;
