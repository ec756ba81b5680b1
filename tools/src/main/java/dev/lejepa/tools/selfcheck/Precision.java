package dev.lejepa.tools.selfcheck;

/// The arithmetic of an executor, and how far from the expected numbers it may end, relative to a tensor's largest.
public enum Precision {
    /// IEEE double: 1e-9 where the expected tensor is stored as float64, 2e-7 where it was rounded to float32.
    DOUBLE {
        @Override
        double tolerance(String dtype, double float32Error) {
            return dtype.equals("float32") ? 2e-7 : 1e-9;
        }
    },
    /// IEEE single: ten times the reference's own error in single precision, at least 1e-5.
    FLOAT {
        @Override
        double tolerance(String dtype, double float32Error) {
            return Math.max(1e-5, 10 * float32Error);
        }
    };

    /// @param dtype in which the expected tensor is stored
    /// @param float32Error of the reference
    abstract double tolerance(String dtype, double float32Error);
}
