package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.trainer.image.RgbImage;
import java.util.List;
import java.util.Optional;

/// Fills rows of training batches on one thread: the image of the row's place in the epoch, in all its views.
final class TrainRows implements BatchRing.RowWriter {
    private final ImageSource source;
    private final EpochOrder rule;
    private final EpochOrders orders;
    private final List<ViewGroup> groups;
    private final ImageStore.Reader reader;
    private final List<ViewMaker> makers;

    TrainRows(ImageStore store, EpochOrder rule, EpochOrders orders, List<ViewGroup> groups) {
        this.source = store.source();
        this.rule = rule;
        this.orders = orders;
        this.groups = groups;
        this.reader = store.reader();
        this.makers = groups.stream().map(group -> group.makers().get()).toList();
    }

    @Override
    public boolean write(long number, int row, BatchBuffers into) {
        int epoch = Math.toIntExact(number / rule.stepsPerEpoch());
        int place = (int) (number % rule.stepsPerEpoch()) * rule.batch() + row;
        int[] order = orders.of(epoch);
        into.images[row] = order[place];
        RgbImage image = read(order, place, row, into);
        into.labels[row] = source.label(into.sources[row]);
        try {
            makeViews(image, epoch, row, into);
        } finally {
            reader.release();
        }
        return true;
    }

    private void makeViews(RgbImage image, int epoch, int row, BatchBuffers into) {
        int first = 0;
        int next = 0;
        for (int group = 0; group < groups.size(); group++) {
            first = groups.get(group).again() ? first : next;
            next = first + groups.get(group).count();
            for (int v = 0; v < groups.get(group).count(); v++) {
                // a stand-in draws by the number of the image it replaces: its views differ from those of its own place
                Key key = rule.viewKey(epoch, into.images[row], first + v);
                makers.get(group).make(image, key.draws(), into.view(group, row, v));
            }
        }
    }

    /// The image at a place of the epoch or, where that is broken, the next good one. Whether an image is good is a
    /// property of its file, so the choice does not depend on which thread finds out first.
    private RgbImage read(int[] order, int place, int row, BatchBuffers into) {
        for (int ahead = 0; ahead < order.length; ahead++) {
            int image = order[(place + ahead) % order.length];
            into.sources[row] = image;
            Optional<RgbImage> decoded = reader.read(image);
            if (decoded.isPresent()) {
                return decoded.get();
            }
        }
        throw new IllegalStateException("all images are broken, which should have stopped the run");
    }
}
