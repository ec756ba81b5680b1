package dev.lejepa.runtime.kernel;

/// The attributes of a node.
public interface Attributes {
    /// An integer attribute.
    ///
    /// @throws IllegalArgumentException if the node has none of this name
    long integer(String name);

    /// A floating-point attribute.
    ///
    /// @throws IllegalArgumentException if the node has none of this name
    double real(String name);

    /// An attribute that is a list of integers.
    ///
    /// @throws IllegalArgumentException if the node has none of this name
    long[] integers(String name);

    /// A flag that is an integer attribute.
    default boolean flag(String name) {
        return integer(name) != 0;
    }
}
