package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.recipe.Share;
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
    private final Share share;
    private final EpochOrders orders;
    private final List<ViewGroup> groups;
    private final ImageStore.Reader reader;
    private final List<ViewMaker> makers;
    private final int[] firstViews;

    TrainRows(ImageStore store, EpochOrder rule, Share share, EpochOrders orders, List<ViewGroup> groups) {
        this.source = store.source();
        this.rule = rule;
        this.share = share;
        this.orders = orders;
        this.groups = groups;
        this.reader = store.reader();
        this.makers = groups.stream().map(group -> group.makers().get()).toList();
        this.firstViews = firstViews(groups);
    }

    @Override
    public boolean write(long number, int row, BatchBuffers into) {
        int epoch = Math.toIntExact(number / rule.stepsPerEpoch());
        int place = (int) (number % rule.stepsPerEpoch()) * rule.batch() + share.first() + row;
        EpochOrders.Visits visits = orders.of(epoch);
        into.images[row] = visits.identities()[place];
        RgbImage image = read(visits.images(), place, epoch, row, into);
        into.labels[row] = source.label(into.sources[row]);
        try {
            makeViews(image, epoch, row, into);
        } finally {
            reader.release();
        }
        return true;
    }

    private void makeViews(RgbImage image, int epoch, int row, BatchBuffers into) {
        for (int group = 0; group < groups.size(); group++) {
            for (int v = 0; v < groups.get(group).count(); v++) {
                makers.get(group).make(image, draws(epoch, into.images[row], group, v), into.view(group, row, v));
            }
        }
    }

    /// The parts of an image that its views will be made of; none where one of them is made of all of it.
    private Crops crops(int width, int height, int epoch, int image) {
        List<Crop> crops = new ArrayList<>();
        for (int group = 0; group < groups.size(); group++) {
            for (int v = 0; v < groups.get(group).count(); v++) {
                Optional<Crop> crop = makers.get(group).crop(width, height, draws(epoch, image, group, v));
                if (crop.isEmpty()) {
                    return Crops.WHOLE;
                }
                crops.add(crop.get());
            }
        }
        return new Crops(crops);
    }

    /// A stand-in draws by the number of the image that it replaces: its views differ from those of its own place.
    private Draws draws(int epoch, int image, int group, int view) {
        return rule.viewKey(epoch, image, firstViews[group] + view).draws();
    }

    /// The number of the first view of each group: views that are made again have the numbers of the group before.
    private static int[] firstViews(List<ViewGroup> groups) {
        int[] firsts = new int[groups.size()];
        int next = 0;
        for (int group = 0; group < firsts.length; group++) {
            firsts[group] = groups.get(group).again() ? firsts[group - 1] : next;
            next = firsts[group] + groups.get(group).count();
        }
        return firsts;
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
