/// What running a graph takes, found without running it: [Flops], and bytes ([MemoryEstimate], from the peak of
/// [Liveness] over the nodes in [EngineOrder]). [FileOrder] is the other half of that: how to write nodes down so that
/// the engine runs them in the order in which they were made.
@NullMarked
package dev.lejepa.graphs.cost;

import org.jspecify.annotations.NullMarked;
