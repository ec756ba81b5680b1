package dev.lejepa.runtime.engine;

/// Where a CUDA device computes.
///
/// @param device its number, as in `cuda:0`
/// @param stream in which all that is computed and copied stands, a `cudaStream_t`
public record CudaStream(int device, long stream) {}
