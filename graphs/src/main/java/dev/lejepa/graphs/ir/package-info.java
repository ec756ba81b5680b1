/// The intermediate representation: a [Graph] is an append-only list of nodes, each one an [Op] (a record of a closed,
/// sealed set) applied to [Value]s made before it, so the list *is* a topological order.
///
/// An operator knows its attributes and how the types of its results follow from those of its operands, nothing else.
/// Every other question (gradient, lowering, reference kernel, cost) is one exhaustive `switch` over [Op] elsewhere.
@NullMarked
package dev.lejepa.graphs.ir;

import org.jspecify.annotations.NullMarked;
