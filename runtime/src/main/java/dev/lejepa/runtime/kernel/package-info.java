/// What an engine and the operators that it does not bring itself know of each other: a [Kernel] computes one node from
/// the tensors of a [KernelCall].
@NullMarked
package dev.lejepa.runtime.kernel;

import org.jspecify.annotations.NullMarked;
