package dev.lejepa.trainer.train;

/// The loss of a step is not a finite number, and so are the weights after it: going on would only spend time.
public final class NonFiniteLossException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NonFiniteLossException(long step, double loss) {
        super("step %d: the loss is %s; the run stopped and its newest checkpoint is from before. A lower optimizer.lr or a longer optimizer.warmup_epochs usually helps"
                .formatted(step, loss));
    }
}
