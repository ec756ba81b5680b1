package dev.lejepa.tools.eval;

/// What the vote of nearest neighbors came to.
///
/// @param k of them
record NeighborResult(int k, double top1) {}
