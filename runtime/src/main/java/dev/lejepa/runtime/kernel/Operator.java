package dev.lejepa.runtime.kernel;

import dev.lejepa.graphs.onnx.Signature;
import java.util.function.Function;

/// An operator of ours with what computes it.
///
/// @param kernel makes the kernel of a node from its attributes
public record Operator(Signature signature, Function<Attributes, Kernel> kernel) {}
