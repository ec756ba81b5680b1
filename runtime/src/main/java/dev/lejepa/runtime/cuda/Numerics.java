package dev.lejepa.runtime.cuda;

/// What kernels may do to numbers where others are slower.
///
/// @param tf32 whether products may round their float32 operands
/// @param deterministic whether equal operands must give equal bits
public record Numerics(boolean tf32, boolean deterministic) {}
