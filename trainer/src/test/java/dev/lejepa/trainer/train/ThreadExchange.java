package dev.lejepa.trainer.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Exchange;
import dev.lejepa.runtime.kernel.Peers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/// Threads of one process that exchange through its memory, as if each were a process.
final class ThreadExchange implements Exchange, Peers {
    private final Share share;
    private final List<List<DeviceTensor>> given;
    private final List<double[]> numbers;
    private final CyclicBarrier barrier;
    private final List<DeviceTensor> open = new ArrayList<>();

    private ThreadExchange(Share share, List<List<DeviceTensor>> given, List<double[]> numbers, CyclicBarrier barrier) {
        this.share = share;
        this.given = given;
        this.numbers = numbers;
        this.barrier = barrier;
    }

    /// One for each of several threads.
    static List<ThreadExchange> of(int ranks, int batch) {
        var given = new ArrayList<List<DeviceTensor>>();
        var numbers = new ArrayList<double[]>();
        var barrier = new CyclicBarrier(ranks);
        var all = new ArrayList<ThreadExchange>();
        for (var r = 0; r < ranks; r++) {
            given.add(List.of());
            numbers.add(new double[0]);
            all.add(new ThreadExchange(new Share(r, ranks, batch), given, numbers, barrier));
        }
        return all;
    }

    @Override
    public Share share() {
        return share;
    }

    @Override
    public List<double[]> gather(double[] mine) {
        synchronized (numbers) {
            numbers.set(share.rank(), mine);
        }
        meet();
        var all = List.copyOf(numbers);
        meet();
        return all;
    }

    @Override
    public void gather(DeviceTensor mine, DeviceTensor all) {
        give(List.of(mine));
        var at = 0L;
        for (var of : given) {
            var rows = of.getFirst().segment();
            MemorySegment.copy(rows, 0, all.segment(), at, rows.byteSize());
            at += rows.byteSize();
        }
        if (at != all.byteSize()) {
            throw new IllegalStateException("%d of %d bytes gathered".formatted(at, all.byteSize()));
        }
        meet();
    }

    @Override
    public void reduce(DeviceTensor bucket) {
        open.add(bucket);
    }

    @Override
    public void await() {
        give(List.copyOf(open));
        var sums = new ArrayList<float[]>();
        for (var b = 0; b < open.size(); b++) {
            var sum = new float[(int) open.get(b).size()];
            for (var of : given) {
                var part = of.get(b).segment();
                for (var i = 0; i < sum.length; i++) {
                    sum[i] += part.getAtIndex(JAVA_FLOAT, i);
                }
            }
            sums.add(sum);
        }
        meet(); // all have read
        for (var b = 0; b < open.size(); b++) {
            open.get(b).setFloats(sums.get(b));
        }
        open.clear();
    }

    private void give(List<DeviceTensor> tensors) {
        synchronized (given) {
            given.set(share.rank(), tensors);
        }
        meet();
    }

    private void meet() {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }
}
