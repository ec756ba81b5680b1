/// Operators of `dev.lejepa` on an NVIDIA device: attention without scores of all pairs in memory, formulas of rows,
/// pooling. Their CUDA source is a resource of this package or written by it, and is compiled where it runs
/// ([AttentionCode], [RowCode], [MapCode]). Convolutions are cuDNN's ([ConvKernel]).
@NullMarked
package dev.lejepa.runtime.cuda;

import org.jspecify.annotations.NullMarked;
