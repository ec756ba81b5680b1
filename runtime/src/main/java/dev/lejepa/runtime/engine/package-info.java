/// Runs the graphs of a bundle with all state kept on the device. [Engine] opens a device, allocates [DeviceTensor]s on
/// it and loads graphs as [Model]s; a [Binding] ties a model's inputs and outputs to tensors once, for many runs;
/// [Program] is a whole bundle: persistent states, the stages of a step bound to them in place, and the evaluation graph
/// that shares the parameters. No type of the library that executes the graphs appears here.
@NullMarked
package dev.lejepa.runtime.engine;

import org.jspecify.annotations.NullMarked;
