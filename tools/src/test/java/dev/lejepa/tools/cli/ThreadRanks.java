package dev.lejepa.tools.cli;

import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.collective.Reduction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Processes that work together, as threads of one: what each gives lies in a place of its own until all have seen it.
final class ThreadRanks implements Ranks {
    /// What [Ranks#abort] throws here, where no process can be ended.
    static final class Aborted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Where all meet, until one ends the others.
    private static final class Group {
        private final Object[] places;
        private int here;
        private long meeting;
        private boolean ended;

        Group(int size) {
            this.places = new Object[size];
        }

        synchronized void meet() throws InterruptedException {
            var now = meeting;
            if (++here == places.length) {
                here = 0;
                meeting++;
                notifyAll();
            }
            while (meeting == now && !ended) {
                wait();
            }
            if (meeting == now) {
                throw new UncheckedIOException(new IOException("another rank has ended all"));
            }
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }
    }

    private final Group group;
    private final int rank;
    /// Sums that this rank begins before its link breaks.
    private int left;
    /// What it takes sums times: 1, but where its processor is of another kind.
    private final float strays;

    private ThreadRanks(Group group, int rank, int sums, float strays) {
        this.group = group;
        this.rank = rank;
        this.left = sums;
        this.strays = strays;
    }

    /// Of which the last one does not get the bits that the others get.
    static List<ThreadRanks> straying(int size) {
        var group = new Group(size);
        return IntStream.range(0, size)
                .mapToObj(rank -> new ThreadRanks(group, rank, Integer.MAX_VALUE, rank == size - 1 ? 1 + 1e-6f : 1))
                .toList();
    }

    /// Of which one fails in the midst of a step.
    ///
    /// @param which rank
    /// @param sums that it begins before
    static List<ThreadRanks> failing(int size, int which, int sums) {
        var group = new Group(size);
        return IntStream.range(0, size)
                .mapToObj(rank -> new ThreadRanks(group, rank, rank == which ? sums : Integer.MAX_VALUE, 1))
                .toList();
    }

    static List<ThreadRanks> of(int size) {
        return failing(size, 0, Integer.MAX_VALUE);
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return group.places.length;
    }

    @Override
    public String transport() {
        return "memory";
    }

    @Override
    public void barrier() {
        try {
            group.meet();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }

    /// What all give, while none goes on.
    private List<Object> all(Object mine) {
        group.places[rank] = mine;
        barrier();
        var all = new ArrayList<>(Arrays.asList(group.places));
        barrier();
        return all;
    }

    @Override
    public List<byte[]> gather(byte[] mine) {
        return all(mine.clone()).stream().map(bytes -> ((byte[]) bytes).clone()).toList();
    }

    @Override
    public void gather(MemorySegment mine, MemorySegment all, long[] bytes) {
        var at = 0L;
        for (var part : gather(mine.toArray(ValueLayout.JAVA_BYTE))) {
            all.asSlice(at).copyFrom(MemorySegment.ofArray(part));
            at += part.length;
        }
    }

    @Override
    public void broadcast(MemorySegment memory, int root) {
        var given = gather(rank == root ? memory.toArray(ValueLayout.JAVA_BYTE) : new byte[0]);
        memory.copyFrom(MemorySegment.ofArray(given.get(root)));
    }

    @Override
    public Reduction reduce(MemorySegment floats) {
        if (--left < 0) {
            throw new IllegalStateException("a broken link");
        }
        return () -> {
            var sums = new float[(int) (floats.byteSize() / Float.BYTES)];
            for (var given : all(floats.toArray(ValueLayout.JAVA_FLOAT))) {
                var part = (float[]) given;
                for (var i = 0; i < sums.length; i++) {
                    sums[i] += part[i];
                }
            }
            for (var i = 0; i < sums.length; i++) {
                sums[i] *= strays;
            }
            floats.copyFrom(MemorySegment.ofArray(sums));
        };
    }

    @Override
    public void abort(int code) {
        group.end();
        throw new Aborted();
    }

    @Override
    public void close() {
        barrier();
    }
}
