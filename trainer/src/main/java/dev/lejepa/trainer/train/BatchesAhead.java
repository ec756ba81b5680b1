package dev.lejepa.trainer.train;

import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.TrainLoader;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A loader's batches, one of which may be on its way to the device before its step.
final class BatchesAhead implements AutoCloseable {
    private final TrainLoader loader;
    private final StepInputs inputs;
    private Optional<Batch> ahead = Optional.empty();

    BatchesAhead(TrainLoader loader, StepInputs inputs) {
        this.loader = loader;
        this.inputs = inputs;
    }

    /// Waits until the batch of the next step is ready; false if `stop` said so before.
    boolean await(BooleanSupplier stop) throws InterruptedException {
        return ahead.isPresent() || loader.await(stop);
    }

    /// The batch of the next step.
    Batch next() throws InterruptedException {
        var batch = ahead.isPresent() ? ahead.get() : loader.next();
        ahead = Optional.empty();
        return batch;
    }

    /// Begins to copy the batch of the next step, if there is one and the device has memory of its own: called while a
    /// step runs, before its results are waited for.
    void begin() throws InterruptedException {
        if (inputs.copiesBeside() && loader.hasNext()) {
            var batch = loader.next();
            inputs.ahead(batch);
            ahead = Optional.of(batch);
        }
    }

    @Override
    public void close() {
        ahead.ifPresent(Batch::close);
    }
}
