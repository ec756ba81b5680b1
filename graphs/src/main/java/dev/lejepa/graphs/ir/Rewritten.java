package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;

import dev.lejepa.graphs.Text;
import java.util.List;

/// What passes write into a graph that is differentiated already.
public sealed interface Rewritten extends Op {
    /// `(value, after)` to the value as it is, available once `after` is: what reads it cannot run before.
    record Barrier() implements Rewritten, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            if (in.getFirst().shape().rank() == 0) {
                throw new ShapeException("a scalar cannot wait");
            }
            return List.of(in.getFirst());
        }
    }

    /// A formula of elementary operators over columns `[..., N, S]` that is computed in one pass, so that nothing
    /// between its inputs and its outputs is ever held in memory. Outputs have the columns' shape, or are sums or means
    /// of it over axis -2.
    ///
    /// @param formula a graph whose inputs are the operands and whose outputs are the results, in their order; nodes in
    ///     the scope [#AGAIN] repeat what another formula of the graph computes too
    record Fused(Graph formula) implements Rewritten, Op.Backward {
        public static final String AGAIN = "again";

        @Override
        public List<Type> infer(List<Type> in) {
            return inferFormula(formula, in);
        }

        @Override
        public String toString() {
            return Text.format("Fused[%d nodes]", formula.nodes().size());
        }
    }

    /// A formula over rows `[..., C]` that is computed in one pass: elementary functions, GELU, rounding to bfloat16 and
    /// back, and at most one LayerNorm or its gradient.
    ///
    /// @param formula a graph whose inputs are the operands and whose outputs are the results, in their order. Its nodes
    ///     compute in float32 and make rows of one shape, to which operands broadcast, widened if they are bfloat16.
    record Rows(Graph formula) implements Rewritten, Op.Backward {
        /// Sums over all rows that a formula may have: as many as the kernel that adds up their parts takes.
        public static final int MOST_SUMS = 4;

        @Override
        public List<Type> infer(List<Type> in) {
            return inferFormula(formula, in);
        }

        @Override
        public String toString() {
            return Text.format("Rows[%d nodes]", formula.nodes().size());
        }
    }

    /// A product of bfloat16 matrices and a formula over its rows, which is computed while the product is in registers.
    ///
    /// @param formula a graph of a [Product.Gemm] of its first two inputs and [Rows], whose first operand is the
    ///     product; the other inputs are those of the rows. Its outputs are the rows' results and, where others read
    ///     it, the product.
    record ProductRows(Graph formula) implements Rewritten, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            return inferFormula(formula, in);
        }

        @Override
        public String toString() {
            return Text.format("ProductRows[%d results]", formula.outputs().size());
        }
    }

    /// Updates of many weights, each by the same few numbers and tensors of its own, that are computed at once.
    ///
    /// @param formula a graph of [Optimizer.AdamW] without copies, casts of inputs to float32 and of new weights to
    ///     bfloat16. Its outputs are, for each update in turn, weight, moments and the rounded weight if there is one.
    record Updates(Graph formula) implements Rewritten, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            return inferFormula(formula, in);
        }

        @Override
        public String toString() {
            return Text.format("Updates[%d nodes]", formula.nodes().size());
        }
    }

    /// [SelfAttention.Attention] of a sum: `(qkv [N, T, 3 H d], bias float32 [3 H d])`. The sum is rounded to the type
    /// of `qkv`, and need not be in memory.
    record BiasedAttention(int heads) implements Rewritten, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            OpRules.bias(in.get(1), in.getFirst().shape().dim(-1));
            return OpRules.attention(in.getFirst(), heads);
        }
    }

    /// `(dcontext, qkv, bias, context, log denominators)` to the gradients with respect to `qkv` and to `bias`, which is
    /// the sum of the other over images and tokens.
    record BiasedAttentionGrad(int heads) implements Rewritten, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 5);
            OpRules.equalShapes(in.get(0), in.get(3));
            OpRules.bias(in.get(2), in.get(1).shape().dim(-1));
            return List.of(in.get(1), in.get(2));
        }
    }

    private static List<Type> inferFormula(Graph formula, List<Type> in) {
        arity(in, formula.inputs().size());
        var expected = formula.inputs().values().stream().map(Value::type).toList();
        if (!in.equals(expected)) {
            throw new ShapeException(Text.format("operands must be %s, found %s", expected, in));
        }
        return formula.outputs().values().stream().map(Value::type).toList();
    }
}
