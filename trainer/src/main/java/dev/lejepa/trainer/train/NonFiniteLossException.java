package dev.lejepa.trainer.train;

import dev.lejepa.graphs.Text;

/// The loss of a step is not a finite number, or its update left weights that are not: going on would only spend time.
public final class NonFiniteLossException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String ADVICE =
            "the run stopped and its newest checkpoint is from before. A lower optimizer.lr or a longer optimizer.warmup_epochs usually helps";

    private NonFiniteLossException(String message) {
        super(message);
    }

    static NonFiniteLossException loss(long step, double loss) {
        return new NonFiniteLossException(Text.format("step %d: the loss is %s; %s", step, loss, ADVICE));
    }

    static NonFiniteLossException parameter(long step, String name) {
        return new NonFiniteLossException(
                Text.format("step %d: %s has entries that are not finite after the update; %s", step, name, ADVICE));
    }
}
