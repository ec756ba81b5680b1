/// Differentiation of graphs: [Autodiff] pulls cotangents of chosen values back to others by walking the nodes in
/// reverse, [Pullbacks] says for each operator how, one row per operator.
///
/// Only nodes on a path from a wanted value to a seeded one are visited, and only the cotangents of operands on such a
/// path are built. Operands that were broadcast have their cotangents summed in the walk, so no row knows of
/// broadcasting.
@NullMarked
package dev.lejepa.graphs.autodiff;

import org.jspecify.annotations.NullMarked;
