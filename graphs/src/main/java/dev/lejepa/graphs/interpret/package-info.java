/// The reference: [Interpreter] evaluates a graph in double precision with kernels that are meant to be read, one row
/// per operator in [Kernels]. Gradients, lowerings and engines are tested against it.
@NullMarked
package dev.lejepa.graphs.interpret;

import org.jspecify.annotations.NullMarked;
