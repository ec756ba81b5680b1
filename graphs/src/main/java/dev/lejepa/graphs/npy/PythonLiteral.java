package dev.lejepa.graphs.npy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/// A value as Python's source writes it, of the kinds that headers of arrays hold.
sealed interface PythonLiteral {
    /// A text, without its quotes.
    record Text(String value) implements PythonLiteral {}

    /// A whole number.
    record Whole(BigInteger value) implements PythonLiteral {}

    /// `True` or `False`.
    record Truth(boolean value) implements PythonLiteral {}

    /// `None`.
    record None() implements PythonLiteral {}

    /// `(a, b)`.
    record Tuple(List<PythonLiteral> items) implements PythonLiteral {}

    /// `[a, b]`.
    record Items(List<PythonLiteral> items) implements PythonLiteral {}

    /// `{'key': value}`, whose keys are texts.
    record Dictionary(Map<String, PythonLiteral> entries) implements PythonLiteral {}
}
