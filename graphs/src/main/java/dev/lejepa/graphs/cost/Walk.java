package dev.lejepa.graphs.cost;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/// The depth-first walk from the nodes that nobody reads back to what they need. Nodes are numbers; a node is run when
/// all its operands are done.
final class Walk {
    /// In which order a node's operands, or the leaves, are walked; and what to do when a node is run.
    interface Visitor {
        /// Operands that were not walked yet, the one to be walked first in front.
        int[] choose(int[] open);

        void run(int node);
    }

    private Walk() {}

    /// @param operands for each node the distinct nodes that it reads
    static void run(int[][] operands, Visitor visitor) {
        var entered = new BitSet();
        var done = new BitSet();
        var stack = new ArrayDeque<Integer>();
        push(stack, visitor.choose(leaves(operands)));
        while (!stack.isEmpty()) {
            int n = stack.peek();
            if (!entered.get(n)) {
                entered.set(n);
                push(
                        stack,
                        visitor.choose(Arrays.stream(operands[n])
                                .filter(m -> !entered.get(m))
                                .toArray()));
            } else {
                stack.pop();
                if (!done.get(n)) {
                    done.set(n);
                    visitor.run(n);
                }
            }
        }
    }

    private static void push(ArrayDeque<Integer> stack, int[] firstToLast) {
        for (var i = firstToLast.length - 1; i >= 0; i--) {
            stack.push(firstToLast[i]);
        }
    }

    /// The nodes that no other reads.
    private static int[] leaves(int[][] operands) {
        var read = new BitSet();
        for (var list : operands) {
            for (var m : list) {
                read.set(m);
            }
        }
        return IntStream.range(0, operands.length).filter(n -> !read.get(n)).toArray();
    }
}
