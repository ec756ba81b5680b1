package dev.lejepa.graphs.recipe;

/// The statistical tests that can hold the embeddings to an isotropic Gaussian. Those of columns are applied to random
/// one-dimensional slices, the last five to all pairs of a sample.
public enum Regularizer implements Choice {
    /// On slices, SIGReg.
    EPPS_PULLEY,
    ANDERSON_DARLING,
    CRAMER_VON_MISES,
    WATSON,
    SHAPIRO_WILK,
    EXTENDED_JARQUE_BERA,
    VCREG,
    ENTROPY,
    NLL,
    MOMENTS,
    BHEP(true),
    BHEP_M(true),
    COMB(true),
    HZ(true),
    HV(true);

    private final boolean pairwise;

    /// A test of columns.
    Regularizer() {
        this(false);
    }

    Regularizer(boolean pairwise) {
        this.pairwise = pairwise;
    }

    /// Whether it reads all pairs of a sample's vectors, and no slices.
    public boolean isPairwise() {
        return pairwise;
    }
}
