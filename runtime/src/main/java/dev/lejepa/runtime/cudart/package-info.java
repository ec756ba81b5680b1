/// An NVIDIA device as CUDA's runtime library shows it: [CudaLibraries] says which library is missing or of the wrong
/// version, [CudaRuntime] calls it through Java's foreign-function interface. ONNX Runtime loads the same library, so
/// nothing comes with the program. [Nvrtc] compiles kernels of ours, [CudaModule] launches them; [Cudnn]
/// computes convolutions.
@NullMarked
package dev.lejepa.runtime.cudart;

import org.jspecify.annotations.NullMarked;
