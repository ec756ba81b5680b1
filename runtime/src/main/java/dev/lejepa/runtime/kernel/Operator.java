package dev.lejepa.runtime.kernel;

import dev.lejepa.graphs.ir.DType;
import java.util.List;
import java.util.function.Function;

/// An operator of the domain `dev.lejepa`.
///
/// @param name of its nodes' type
/// @param inputs element types of the inputs
/// @param optionalInputs how many of them, at the end, a node may lack
/// @param outputs element types of the outputs
/// @param kernel makes the kernel of a node from its attributes
public record Operator(
        String name, List<DType> inputs, int optionalInputs, List<DType> outputs, Function<Attributes, Kernel> kernel) {
    /// The domain of all of them.
    public static final String DOMAIN = "dev.lejepa";
}
