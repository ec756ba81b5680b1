package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.trainer.image.RgbImage;
import java.util.List;
import java.util.Optional;

/// Prepares images of a source once, in their order, one view each. Broken images are left out; the rows of
/// a batch that hold no image are its last ones, and zero.
public final class EvalLoader implements AutoCloseable {
    private final BatchRing ring;

    /// @param batch rows of a batch
    /// @param view how to prepare an image; its count is 1 and it draws nothing
    public EvalLoader(ImageStore store, int batch, ViewGroup view, LoaderSize size) {
        this(store, ImageRange.all(store.source()), batch, view, size);
    }

    /// The same for some of the images.
    public EvalLoader(ImageStore store, ImageRange range, int batch, ViewGroup view, LoaderSize size) {
        if (view.count() != 1) {
            throw new IllegalArgumentException("evaluation has one view per image, not " + view.count());
        }
        long batches = Math.ceilDiv(range.images(), batch);
        ring = new BatchRing(store.source(), batch, List.of(view), 0, batches, size.depth());
        ring.start(
                "eval-loader",
                size.workers(),
                () -> new Rows(
                        store.source(),
                        range,
                        store.reader(),
                        view.makers().get(),
                        Key.of(0).draws()));
    }

    public boolean hasNext() {
        return ring.hasNext();
    }

    /// Waits for the next batch, whose views are group 0.
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

    private record Rows(ImageSource source, ImageRange range, ImageStore.Reader reader, ViewMaker maker, Draws none)
            implements BatchRing.RowWriter {
        @Override
        public boolean write(long number, int row, BatchBuffers into) {
            long place = number * into.rows() + row;
            if (place >= range.images()) {
                return false;
            }
            int image = range.first() + (int) place;
            into.images[row] = image;
            into.sources[row] = image;
            into.labels[row] = source.label(image);
            Optional<RgbImage> decoded = reader.read(image);
            try {
                decoded.ifPresent(found -> maker.make(found, none, into.view(0, row, 0)));
            } finally {
                reader.release();
            }
            return decoded.isPresent();
        }
    }
}
