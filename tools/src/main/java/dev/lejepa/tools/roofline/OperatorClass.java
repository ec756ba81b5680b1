package dev.lejepa.tools.roofline;

/// What kernels are told apart by.
public enum OperatorClass {
    /// Matrix products of the library.
    PRODUCTS("products"),
    ATTENTION("attention"),
    /// Fused formulas, norms and GELU: what lies between products.
    ROWS("rows"),
    CONVOLUTIONS("convolutions"),
    REDUCTIONS("reductions"),
    OPTIMIZER("optimizer"),
    /// The same numbers in another place or another element type.
    LAYOUT("layout"),
    /// Single elementary functions, losses and all else.
    OTHER("other");

    private final String word;

    OperatorClass(String word) {
        this.word = word;
    }

    /// In tables and JSON.
    public String word() {
        return word;
    }
}
