package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import java.util.function.Function;

/// A statistic of a sample of `N` vectors as `scale (pairs + singles + constant)`: `pairs` a factor times the mean of a
/// term over all ordered pairs of vectors, each with itself too, and `singles` one times the mean of a term over the
/// vectors.
///
/// @param scale of all
/// @param pairs over pairs: from [Pairs] to the term of each, `[V, N, M]`, element by element
/// @param singles over vectors: from `|x_i|^2`, `[V, N, 1]`, to the term of each; [Term#none()] if there is none
/// @param symmetric whether both orders of a pair have the same term
/// @param constant added
public record PairFormula(double scale, Term<Pairs> pairs, Term<Value> singles, boolean symmetric, double constant) {
    /// A term and what its mean is multiplied with.
    public record Term<T>(double factor, Function<T, Value> each) {
        /// A mean that is not taken.
        static Term<Value> none() {
            return new Term<>(0, x -> x);
        }

        /// Whether there is anything to add.
        public boolean present() {
            return factor != 0;
        }
    }

    /// The statistic of whole samples, whose pairs are all in memory at once.
    ///
    /// @param samples `[V, N, K]`
    /// @return `[V]`
    Value whole(Value samples) {
        var all = Pairs.of(samples);
        var sum = mean(pairs, all);
        if (singles.present()) {
            sum = sum.add(mean(singles, all.rows()));
        }
        return times(constant == 0 ? sum : sum.add(constant), scale);
    }

    private static <T> Value mean(Term<T> term, T of) {
        return times(term.each().apply(of).mean(false, 1, 2), term.factor());
    }

    private static Value times(Value x, double factor) {
        return factor == 1 ? x : x.mul(factor);
    }
}
