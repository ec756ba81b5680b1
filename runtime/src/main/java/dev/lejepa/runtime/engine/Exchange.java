package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.recipe.Share;

/// What the processes of a step give each other. All of them call the same methods in the same order.
public interface Exchange {
    /// Which images of the batch are this process's.
    Share share();

    /// Puts the rows of all processes one after the other, by rank.
    ///
    /// @param mine the rows of this process's images, `[share V, E]`
    /// @param all the rows of the batch, `[N V, E]`
    void gather(DeviceTensor mine, DeviceTensor all);

    /// Begins to add up float32 numbers over processes, in place. The tensor is not touched until [#await()].
    void reduce(DeviceTensor bucket);

    /// Returns when all that was begun is done.
    void await();

    /// For a process that has the batch to itself.
    ///
    /// @param batch images of a step
    static Exchange alone(int batch) {
        return new Alone(Share.whole(batch));
    }

    /// Of one process.
    record Alone(Share share) implements Exchange {
        @Override
        public void gather(DeviceTensor mine, DeviceTensor all) {
            all.copyFrom(mine);
        }

        @Override
        public void reduce(DeviceTensor bucket) {}

        @Override
        public void await() {}
    }
}
