package dev.lejepa.graphs.cost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/// How to write nodes down so that the engine runs them in the order in which they are given.
///
/// The order matters for memory. Written as they are made, gradients of parameters stand before the rest of the backward
/// pass; the engine starts from the last node nobody reads, walks the whole backward pass first, and keeps every
/// cotangent for those gradients until the end. Parts of a gradient that need the forward pass alone would be computed
/// before the backward pass begins, for all layers at once. Both cost a ViT about a tenth of its activations.
public final class FileOrder implements Walk.Visitor {
    private final int[][] operands;
    private final BitSet[] needs;
    private final BitSet done = new BitSet();

    /// For each node those that must stand after it in the file: its readers, and what is to be walked before it.
    private final List<List<Integer>> later;

    private FileOrder(int[][] operands) {
        this.operands = operands;
        this.needs = needs(operands);
        this.later = IntStream.range(0, operands.length)
                .<List<Integer>>mapToObj(n -> new ArrayList<>())
                .toList();
    }

    /// @param operands for each node, in the order in which nodes should run, the distinct earlier nodes that it reads
    /// @return the nodes in the order of the file, again with operands before their readers
    public static int[] of(int[][] operands) {
        var order = new FileOrder(operands);
        for (var n = 0; n < operands.length; n++) {
            for (var m : operands[n]) {
                order.later.get(m).add(n);
            }
        }
        Walk.run(operands, order);
        return order.sorted();
    }

    /// First comes the operand that needs the earliest node which was not run yet.
    @Override
    public int[] choose(int[] open) {
        var chosen = Arrays.stream(open)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(this::firstNeed).thenComparing(Comparator.naturalOrder()))
                .mapToInt(n -> n)
                .toArray();
        for (var i = 1; i < chosen.length; i++) {
            // What is walked first must stand last, unless the other needs it and so walks it first anyway.
            if (!needs[chosen[i]].get(chosen[i - 1])) {
                later.get(chosen[i]).add(chosen[i - 1]);
            }
        }
        return chosen;
    }

    @Override
    public void run(int node) {
        done.set(node);
    }

    private int firstNeed(int node) {
        var first = done.nextClearBit(0);
        var found = needs[node].nextSetBit(first);
        while (done.get(found)) {
            found = needs[node].nextSetBit(found + 1);
        }
        return found;
    }

    /// A topological sort by [#later], earliest node first.
    private int[] sorted() {
        var waitsFor = new int[operands.length];
        later.forEach(list -> list.forEach(n -> waitsFor[n]++));
        var ready = new PriorityQueue<Integer>();
        IntStream.range(0, waitsFor.length).filter(n -> waitsFor[n] == 0).forEach(ready::add);
        var file = new int[operands.length];
        var count = 0;
        while (!ready.isEmpty()) {
            int n = ready.poll();
            file[count++] = n;
            for (var m : later.get(n)) {
                if (--waitsFor[m] == 0) {
                    ready.add(m);
                }
            }
        }
        // Wishes that contradict each other leave nodes over; then the given order, which is always possible, stands.
        return count == file.length ? file : IntStream.range(0, file.length).toArray();
    }

    /// For each node itself and all that it depends on.
    private static BitSet[] needs(int[][] operands) {
        var needs = new BitSet[operands.length];
        for (var n = 0; n < operands.length; n++) {
            needs[n] = new BitSet(n + 1);
            needs[n].set(n);
            for (var m : operands[n]) {
                needs[n].or(needs[m]);
            }
        }
        return needs;
    }
}
