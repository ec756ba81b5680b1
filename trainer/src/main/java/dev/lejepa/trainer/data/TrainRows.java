package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.trainer.image.Box;
import dev.lejepa.trainer.image.Crops;
import dev.lejepa.trainer.image.Crops.Crop;
import dev.lejepa.trainer.image.RgbImage;
import java.util.ArrayList;
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
        RgbImage image = read(order, place, epoch, row, into);
        into.labels[row] = source.label(into.sources[row]);
        try {
            makeViews(image, epoch, row, into);
        } finally {
            reader.release();
        }
        return true;
    }

    // a stand-in draws by the number of the image it replaces: its views differ from those of its own place

    private void makeViews(RgbImage image, int epoch, int row, BatchBuffers into) {
        int view = 0;
        for (int group = 0; group < groups.size(); group++) {
            for (int v = 0; v < groups.get(group).count(); v++) {
                Key key = rule.viewKey(epoch, into.images[row], view++);
                makers.get(group).make(image, key.draws(), into.view(group, row, v));
            }
        }
    }

    /// The parts of an image that its views will be made of; none where one of them is made of all of it.
    private Crops crops(int width, int height, int epoch, int image) {
        List<Crop> crops = new ArrayList<>();
        int view = 0;
        for (int group = 0; group < groups.size(); group++) {
            for (int v = 0; v < groups.get(group).count(); v++) {
                Key key = rule.viewKey(epoch, image, view++);
                Optional<Box> box = makers.get(group).crop(width, height, key.draws());
                if (box.isEmpty()) {
                    return Crops.WHOLE;
                }
                crops.add(new Crop(box.get(), groups.get(group).size()));
            }
        }
        return new Crops(crops);
    }

    /// The image at a place of the epoch or, where that is broken, the next good one. Whether an image is good is a
    /// property of its file, so the choice does not depend on which thread finds out first.
    private RgbImage read(int[] order, int place, int epoch, int row, BatchBuffers into) {
        Crops.Rule crops = (width, height) -> crops(width, height, epoch, into.images[row]);
        for (int ahead = 0; ahead < order.length; ahead++) {
            int image = order[(place + ahead) % order.length];
            into.sources[row] = image;
            Optional<RgbImage> decoded = reader.read(image, crops);
            if (decoded.isPresent()) {
                return decoded.get();
            }
        }
        throw new IllegalStateException("all images are broken, which should have stopped the run");
    }
}
