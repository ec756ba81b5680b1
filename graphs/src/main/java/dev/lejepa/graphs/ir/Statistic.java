package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.equalDims;
import static dev.lejepa.graphs.ir.OpRules.equalShapes;

import java.util.List;

/// What tests of samples make of columns.
public sealed interface Statistic extends Op {
    /// The empirical characteristic function of each column: `x [..., N, S]` to `(C, S) [..., P, S]` with
    /// `C[j] = mean_n cos(j step x_n)` and `S[j] = mean_n sin(j step x_n)` for `j = 0 .. P-1`. Memory is `O(N S + P S)`.
    ///
    /// @param knots `P`
    /// @param step distance of two knots
    record Ecf(int knots, double step) implements Statistic {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return OpRules.ecf(in.getFirst(), knots);
        }
    }

    /// `(dC, dS, x)` to the gradient of [Ecf] with respect to `x`.
    record EcfGrad(int knots, double step) implements Statistic, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 3);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(2));
        }
    }

    /// Each column in ascending order: `x [..., N, S]` to the sorted values and the int64 permutation that sorts,
    /// `sorted[i] = x[permutation[i]]` along axis -2.
    record Sort() implements Statistic {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return OpRules.sort(in.getFirst());
        }
    }

    /// `(dsorted, permutation)` to the gradient of [Sort] with respect to `x`: every value back in its row.
    record Unsort() implements Statistic, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalDims(in.get(0), in.get(1));
            return List.of(in.getFirst());
        }
    }
}
