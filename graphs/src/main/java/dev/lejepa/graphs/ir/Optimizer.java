package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.equalShapes;

import java.util.List;

/// Updates of parameters.
public sealed interface Optimizer extends Op {
    /// One AdamW update: `(lr [], step int64 [1], weight, gradient, moment1, moment2)` to the new
    /// `(weight, moment1, moment2)`. `step` counts from 1. Decoupled decay, bias correction as torch.optim.AdamW.
    ///
    /// @param copy whether a seventh operand is the weight's bfloat16 copy, and a fourth result the new one
    record AdamW(double beta1, double beta2, double epsilon, double weightDecay, boolean copy)
            implements Optimizer, Op.Backward {
        /// Operands without a copy.
        public static final int OPERANDS = 6;

        /// An update of the weight alone.
        public AdamW(double beta1, double beta2, double epsilon, double weightDecay) {
            this(beta1, beta2, epsilon, weightDecay, false);
        }

        /// The same of the weight alone.
        public AdamW withoutCopy() {
            return new AdamW(beta1, beta2, epsilon, weightDecay);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, copy ? OPERANDS + 1 : OPERANDS);
            for (var i = 3; i < 6; i++) {
                equalShapes(in.get(2), in.get(i));
            }
            var weight = in.get(2);
            if (copy) {
                equalShapes(in.get(6), new Type(DType.BFLOAT16, weight.shape()));
            }
            return copy ? List.of(weight, in.get(4), in.get(5), in.get(6)) : List.of(weight, in.get(4), in.get(5));
        }
    }
}
