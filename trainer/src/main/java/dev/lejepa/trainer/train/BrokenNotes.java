package dev.lejepa.trainer.train;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageStore;
import java.util.List;

/// Tells of images that cannot be read: those that the scan found at the start, later those that decoding found.
final class BrokenNotes {
    private final TrainListener listener;
    private final List<ImageStore> stores;
    private final int[] told;

    BrokenNotes(TrainData data, TrainListener listener) {
        this.listener = listener;
        this.stores = data.val().map(v -> List.of(data.train(), v)).orElseGet(() -> List.of(data.train()));
        this.told = new int[stores.size()];
    }

    /// Warns where there are more than the last time.
    void tell(long step) {
        for (var i = 0; i < told.length; i++) {
            var broken = stores.get(i).broken();
            var count = broken.count();
            if (count > told[i]) {
                told[i] = count;
                var what = i == 0 ? "are replaced by the next good ones" : "are left out";
                var message = Text.format(
                        "%d of %d images in %s cannot be read and %s: %s",
                        told[i],
                        stores.get(i).source().size(),
                        stores.get(i).source().place(),
                        what,
                        broken.names());
                listener.on(new TrainEvent.Warned(step, TrainEvent.Topic.DATA, message, List.of()));
            }
        }
    }
}
