package dev.lejepa.tools.cli;

import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.tools.eval.EvalImages;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.layout.Layout;
import java.util.Optional;

/// The images that `--train`, `--test` and `--layout` name.
final class EvalData {
    private EvalData() {}

    /// @param layout of both folders; without one they are folders of classes
    static EvalImages open(Call call, Optional<Layout> layout) {
        var train = call.requiredPath("train");
        var test = call.path("test");
        if (layout.isPresent()) {
            var splits = layout.get().open(train, test.orElse(train));
            return new EvalImages(store(call, splits.train()), Optional.of(store(call, splits.test())));
        }
        return new EvalImages(
                store(call, ImageFolder.of(train)), test.map(folder -> store(call, ImageFolder.of(folder))));
    }

    private static ImageStore store(Call call, ImageSource images) {
        images.notes().forEach(note -> call.console().note("note: " + note));
        return ImageStore.open(images, DataSpec.defaults().maxPixels(), 1, 0);
    }
}
