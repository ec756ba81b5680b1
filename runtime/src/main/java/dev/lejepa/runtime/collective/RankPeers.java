package dev.lejepa.runtime.collective;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.lejepa.runtime.kernel.Peers;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/// What kernels of all ranks give each other, in host memory.
public record RankPeers(Ranks ranks) implements Peers {
    @Override
    public boolean alone() {
        return ranks.size() == 1;
    }

    @Override
    public List<double[]> gather(double[] mine) {
        try (var arena = Arena.ofConfined()) {
            var bytes = new long[ranks.size()];
            Arrays.fill(bytes, (long) mine.length * Double.BYTES);
            var all = arena.allocate(JAVA_DOUBLE, (long) mine.length * ranks.size());
            ranks.gather(arena.allocateFrom(JAVA_DOUBLE, mine), all, bytes);
            return Slices.parts(all, bytes).stream()
                    .map(part -> part.toArray(JAVA_DOUBLE))
                    .toList();
        }
    }
}
