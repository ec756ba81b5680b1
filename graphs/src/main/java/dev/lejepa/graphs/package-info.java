/// The compiler for training graphs: models are described once as values in a typed graph, differentiated, lowered to
/// ONNX for a target and written as a bundle that any ONNX Runtime can run. Nothing here executes a graph on a device.
@NullMarked
package dev.lejepa.graphs;

import org.jspecify.annotations.NullMarked;
