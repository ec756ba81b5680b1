package dev.lejepa.tools.report;

import java.util.Arrays;

/// Sums over the steps of a run, and means over the last of them, since the loss of a single step says little.
final class StepTotals {
    /// Steps that the figures at the end of a run are means of.
    static final int TAIL = 50;

    private final int batch;
    private final Tail loss = new Tail();
    private final Tail invariance = new Tail();
    private final Tail sigreg = new Tail();
    private long steps;
    private long lastStep;
    private double seconds;
    private double waitSeconds;
    private long measured;
    private long nonFinite;

    /// The last numbers of a column.
    private static final class Tail {
        private final double[] ring = new double[TAIL];
        private long count;

        void add(double value) {
            if (Double.isFinite(value)) {
                ring[(int) (count++ % TAIL)] = value;
            }
        }

        double mean() {
            return Arrays.stream(ring, 0, (int) Math.min(count, TAIL)).average().orElse(Double.NaN);
        }
    }

    /// @param batch images of a step
    StepTotals(int batch) {
        this.batch = batch;
    }

    /// @param imagesPerSecond NaN where it was not measured, as of all other numbers
    void add(long step, double loss, double invariance, double sigreg, double imagesPerSecond, double waitMillis) {
        steps++;
        lastStep = Math.max(lastStep, step);
        nonFinite += Double.isFinite(loss) ? 0 : 1;
        this.loss.add(loss);
        this.invariance.add(invariance);
        this.sigreg.add(sigreg);
        if (imagesPerSecond > 0) {
            measured++;
            seconds += batch / imagesPerSecond;
            waitSeconds += Double.isFinite(waitMillis) ? waitMillis / 1000 : 0;
        }
    }

    /// Steps that the file holds.
    long steps() {
        return steps;
    }

    long lastStep() {
        return lastStep;
    }

    /// Steps whose loss is no finite number.
    long nonFinite() {
        return nonFinite;
    }

    /// Seconds that the steps took, without evaluations and checkpoints.
    double seconds() {
        return seconds;
    }

    /// Images in a second over all steps; NaN where there are none.
    double imagesPerSecond() {
        return measured == 0 ? Double.NaN : measured * batch / seconds;
    }

    /// The share of the steps' time that they waited for their batches, 0 to 1; NaN where there are none.
    double waitShare() {
        return measured == 0 ? Double.NaN : waitSeconds / seconds;
    }

    /// Mean of the last [#TAIL] steps; NaN where there are none, as of those below.
    double loss() {
        return loss.mean();
    }

    double invariance() {
        return invariance.mean();
    }

    double sigreg() {
        return sigreg.mean();
    }
}
