package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.List;

/// One application of an operator.
///
/// @param id position in the graph's list, from 0
/// @param op what is computed
/// @param inputs operands, all made before this node
/// @param outputs results, one or more
/// @param scope dotted path of the layer that made the node, such as `blocks.0.attn`; empty at the top
public record Node(int id, Op op, List<Value> inputs, List<Value> outputs, String scope) {
    /// The only result.
    ///
    /// @throws IllegalStateException if there are several
    public Value output() {
        if (outputs.size() != 1) {
            throw new IllegalStateException(Text.format("%s has %d results", op, outputs.size()));
        }
        return outputs.getFirst();
    }

    @Override
    public boolean equals(Object o) {
        return this == o;
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return Text.format("%%%d %s", id, op);
    }
}
