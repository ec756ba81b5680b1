package dev.lejepa.graphs.recipe;

/// The statistical tests that can hold the embeddings to an isotropic Gaussian.
public enum Regularizer implements Choice {
    /// Epps-Pulley on random one-dimensional slices (SIGReg).
    EPPS_PULLEY
}
