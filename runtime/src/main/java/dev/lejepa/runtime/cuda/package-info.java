/// Operators of `dev.lejepa` on an NVIDIA device: attention without scores of all pairs in memory. Their CUDA source
/// is a resource of this package and is compiled where it runs ([AttentionCode]).
@NullMarked
package dev.lejepa.runtime.cuda;

import org.jspecify.annotations.NullMarked;
