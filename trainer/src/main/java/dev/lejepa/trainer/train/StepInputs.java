package dev.lejepa.trainer.train;

import dev.lejepa.runtime.engine.MicroFeed;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.Batch;

/// Everything that a program reads in a step and that is no state: a batch's views and labels, the random draws and the
/// learning rates. Whoever runs steps feeds them through here: training, recording, timing. Where a step is cut, this is
/// also what binds the views and draws of each micro-batch.
public final class StepInputs implements MicroFeed, AutoCloseable {
    private final MicroBatchRows rows;
    private final boolean copiesBeside;
    private final BatchFeeder batches;
    private final DrawFeeder draws;
    private final Rates rates;

    /// @param seed the recipe's
    public StepInputs(Program program, long seed, long stepsPerEpoch) {
        this.rows = MicroBatchRows.of(program);
        this.copiesBeside = !program.engine().onHost();
        this.batches = new BatchFeeder(program, rows);
        this.draws = new DrawFeeder(seed, program, rows);
        this.rates = new Rates(program, stepsPerEpoch);
    }

    /// Whether copies to the device go on beside a step.
    boolean copiesBeside() {
        return copiesBeside;
    }

    /// Begins to copy the views of the batch that is fed next.
    void ahead(Batch batch) {
        batches.ahead(batch);
    }

    /// Sets all inputs of a step, or of its first micro-batch. The batch stays open until the step has run.
    ///
    /// @param step from 0
    /// @return the model's learning rate
    public double feed(long step, Batch batch) {
        return feed(step, batch, batch.labels());
    }

    /// The same for a process that has a share of a batch.
    ///
    /// @param labels of all images of the batch
    double feed(long step, Batch batch, long[] labels) {
        batches.feed(batch, labels);
        return feed(step, batch.images());
    }

    /// Sets the inputs of a step whose views and labels the caller has set.
    ///
    /// @param step from 0
    /// @param images number of the image of each row `n`
    /// @return the model's learning rate
    public double feed(long step, int[] images) {
        draws.feed(step, images);
        return rates.feed(step);
    }

    /// Binds the views and draws of a micro-batch of the batch that was fed last.
    @Override
    public void feed(int microBatch) {
        if (rows.cut()) {
            batches.feed(microBatch);
            draws.feed(microBatch);
        }
    }

    @Override
    public void close() {
        batches.close();
    }
}
