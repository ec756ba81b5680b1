package dev.lejepa.trainer.train;

import java.util.function.BooleanSupplier;

/// A person's wish to stop: true once there is one. Whoever asks also tells when there is something to lose, so that a
/// process which nobody answers can be ended at once.
@FunctionalInterface
public interface StopRequest extends BooleanSupplier {
    /// Told when a step begins that no checkpoint has, and when a checkpoint has all.
    ///
    /// @param any whether there is work that must be saved before the process may end
    default void unsaved(boolean any) {}

    /// The same wish, with something done before each answer.
    default StopRequest after(Runnable first) {
        var asked = this;
        return new StopRequest() {
            @Override
            public boolean getAsBoolean() {
                first.run();
                return asked.getAsBoolean();
            }

            @Override
            public void unsaved(boolean any) {
                asked.unsaved(any);
            }
        };
    }
}
