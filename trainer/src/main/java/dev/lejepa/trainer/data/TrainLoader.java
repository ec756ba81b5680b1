package dev.lejepa.trainer.data;

import dev.lejepa.graphs.recipe.Share;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Prepares the batches of a training run in order, ahead of their use. Batch `s` is a function of (seed, `s`) and the
/// data, so a run that resumes at step `s` starts its loader there.
public final class TrainLoader implements AutoCloseable {
    private final BatchRing ring;

    /// @param order the order of the images in each epoch
    /// @param groups views to make of each image; views are numbered through all groups in their draws' keys
    /// @param first the step to begin with, from 0, over all epochs
    /// @param end one above the last step
    /// @param size threads and memory
    public TrainLoader(
            ImageStore store, EpochOrder order, List<ViewGroup> groups, long first, long end, LoaderSize size) {
        this(store, order, Share.whole(order.batch()), groups, first, end, size);
    }

    /// The same for one of several processes that share each batch: it prepares only its images, each as the process
    /// that has the batch to itself would.
    ///
    /// @param share which images of a batch these are
    public TrainLoader(
            ImageStore store,
            EpochOrder order,
            Share share,
            List<ViewGroup> groups,
            long first,
            long end,
            LoaderSize size) {
        EpochOrders orders = new EpochOrders(order);
        ring = new BatchRing(store.source(), share.images(), groups, first, end, size.depth());
        ring.start("train-loader", size.workers(), () -> new TrainRows(store, order, share, orders, groups));
    }

    public boolean hasNext() {
        return ring.hasNext();
    }

    /// Waits until the next batch is ready.
    ///
    /// @param stop asked meanwhile
    /// @return false if that said so before
    public boolean await(BooleanSupplier stop) throws InterruptedException {
        return ring.await(stop);
    }

    /// Waits for the next batch. The consumer closes it before it asks for more than the loader has buffers.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if too many images turned out to be broken
    public Batch next() throws InterruptedException {
        return ring.next();
    }

    /// Stops the threads and frees all batches, open ones too.
    @Override
    public void close() {
        ring.close();
    }
}
