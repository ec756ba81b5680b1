/// The intermediate representation: a [Graph] is an append-only list of nodes, each one an [Op] (a record of a closed,
/// sealed set) applied to [Value]s made before it, so the list *is* a topological order.
///
/// Operators come in kinds, each a sealed interface of its own: [Leaf], [Elementwise], [Product], [Reduction],
/// [Movement], [Activation], [SelfAttention], [Norm], [Statistic], [Loss], [Optimizer], and [Rewritten] for what passes
/// make. An operator knows its attributes and how the types of its results follow from those of its operands, nothing
/// else; functions of single numbers ([UnaryFunction], [BinaryFunction]) know their definition too. Every other question
/// (gradient, lowering, reference kernel, cost) is one exhaustive `switch` over [Op] elsewhere.
@NullMarked
package dev.lejepa.graphs.ir;

import org.jspecify.annotations.NullMarked;
