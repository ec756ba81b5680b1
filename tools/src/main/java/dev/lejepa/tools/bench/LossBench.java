package dev.lejepa.tools.bench;

import dev.lejepa.graphs.recipe.Regularizer;
import dev.lejepa.runtime.engine.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Times regularizers and their gradients on standard normal vectors.
public final class LossBench {
    /// Java compiles its kernels while they run; on few cores, which they keep busy, that takes its time.
    private static final long FIRST_WARM_UP_NANOS = 4_000_000_000L;

    private static final long WARM_UP_NANOS = 500_000_000;

    private static final int WARM_UP_RUNS = 3;

    private final Engine engine;
    private final int runs;
    private final Set<Regularizer> warm = EnumSet.noneOf(Regularizer.class);

    /// @param runs that are timed at each size
    public LossBench(Engine engine, int runs) {
        this.engine = engine;
        this.runs = runs;
    }

    /// What was measured at one size.
    ///
    /// @param minMillis of one run, the least
    /// @param memoryBytes that the graph holds at its peak, as the compiler counts it
    /// @param loss to show that it computes
    public record Result(double minMillis, double medianMillis, long memoryBytes, double loss) {}

    /// Times sizes in turn, run by run, so that all see the same machine.
    public List<Result> time(List<LossSize> sizes) {
        var trials = new ArrayList<LossTrial>();
        try {
            sizes.forEach(size -> trials.add(LossTrial.prepare(engine, size)));
            for (var i = 0; i < trials.size(); i++) {
                var isFirst = warm.add(sizes.get(i).test());
                warmUp(trials.get(i), isFirst ? FIRST_WARM_UP_NANOS : WARM_UP_NANOS);
            }
            var millis = new double[sizes.size()][runs];
            for (var run = 0; run < runs; run++) {
                for (var i = 0; i < millis.length; i++) {
                    var began = System.nanoTime();
                    trials.get(i).run();
                    millis[i][run] = (System.nanoTime() - began) / 1e6;
                }
            }
            return IntStream.range(0, millis.length)
                    .mapToObj(i -> result(trials.get(i), millis[i]))
                    .toList();
        } finally {
            trials.forEach(LossTrial::close);
        }
    }

    /// The first of these sizes that have room in memory together.
    public List<LossSize> fitting(List<LossSize> sizes) throws IOException {
        var left = freeBytes();
        var fit = new ArrayList<LossSize>();
        for (var size : sizes) {
            left -= memoryBytes(size);
            if (left < 0) {
                break;
            }
            fit.add(size);
        }
        return fit;
    }

    /// Bytes of memory that are free, where the engine or the system tells.
    public long freeBytes() throws IOException {
        return engine.freeBytes().orElse(HostMemory.available().orElse(Long.MAX_VALUE));
    }

    /// Bytes that a size takes at its peak, [Long#MAX_VALUE] where they are too many to count.
    public long memoryBytes(LossSize size) {
        try {
            return LossTrial.memoryBytes(engine, size);
        } catch (ArithmeticException e) { // of a shape's number of elements
            return Long.MAX_VALUE;
        }
    }

    private static void warmUp(LossTrial trial, long nanos) {
        var start = System.nanoTime();
        for (var i = 0; i < WARM_UP_RUNS || System.nanoTime() - start < nanos; i++) {
            trial.run();
        }
    }

    private static Result result(LossTrial trial, double[] millis) {
        Arrays.sort(millis);
        return new Result(millis[0], millis[millis.length / 2], trial.memoryBytes(), trial.loss());
    }
}
