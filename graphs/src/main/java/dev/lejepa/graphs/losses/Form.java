package dev.lejepa.graphs.losses;

/// Which of two formulas a test has where the method's authors' code (github.com/rbalestr-lab/lejepa) departs from the
/// statistic that it names.
public enum Form {
    /// The statistic as its literature defines it.
    STANDARD,
    /// What that code computes.
    LEJEPA
}
