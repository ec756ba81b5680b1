package dev.lejepa.runtime.kernel;

import java.util.function.Function;

/// An operator of the domain `dev.lejepa`.
///
/// @param name of its nodes' type
/// @param inputs that a node has at least
/// @param optionalInputs that it may have after those
/// @param outputs that it has
/// @param kernel makes the kernel of a node from its attributes
public record Operator(String name, int inputs, int optionalInputs, int outputs, Function<Attributes, Kernel> kernel) {
    /// The domain of all of them.
    public static final String DOMAIN = "dev.lejepa";
}
