package dev.lejepa.tools.selfcheck;

/// How cases of one kind are checked. Whatever a kind cannot read from a case raises a
/// [dev.lejepa.graphs.BadInputException].
sealed interface CaseKind {
    /// Cases that graphs compute, on every executor.
    record Computed(GraphCheck check) implements CaseKind {}

    /// Cases that the code of trainer and models answers without a graph being run.
    record Direct(DirectCheck check) implements CaseKind {}

    /// Cases that this version cannot check.
    ///
    /// @param what is not built, such as `the Anderson-Darling test`
    record NotBuilt(String what) implements CaseKind {}

    @FunctionalInterface
    interface GraphCheck {
        void check(GoldenCase golden, Executor executor, Comparison results);
    }

    @FunctionalInterface
    interface DirectCheck {
        void check(GoldenCase golden, Comparison results);
    }
}
