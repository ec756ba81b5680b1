package dev.lejepa.tools.cli;

import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.tools.eval.EvalImages;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.layout.Layout;
import java.io.IOException;
import java.util.Optional;

/// The images that `--train`, `--test` and `--layout` name.
final class EvalData {
    private EvalData() {}

    /// @param layout of both folders; without one they are whatever [dev.lejepa.trainer.source.Sources] knows
    static EvalImages open(Call call, Optional<Layout> layout) throws IOException {
        if (layout.isPresent()) {
            var train = call.requiredPath("train");
            var test = call.path("test");
            var splits = layout.get().open(train, test.orElse(train));
            return new EvalImages(store(call, splits.train()), Optional.of(store(call, splits.test())));
        }
        var train = store(call, call.sources().open(call.required("train")));
        var test = call.text("test");
        if (test.isEmpty()) {
            return new EvalImages(train, Optional.empty());
        }
        return new EvalImages(train, Optional.of(store(call, call.sources().open(test.get()))));
    }

    private static ImageStore store(Call call, ImageSource images) {
        images.notes().forEach(note -> call.console().note("note: " + note));
        return ImageStore.open(images, DataSpec.defaults().maxPixels(), 1, 0);
    }
}
