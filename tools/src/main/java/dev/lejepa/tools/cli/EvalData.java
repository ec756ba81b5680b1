package dev.lejepa.tools.cli;

import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.tools.eval.EvalImages;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.layout.Layout;
import dev.lejepa.trainer.source.Sources;
import java.util.Optional;

/// The images that `--train`, `--test` and `--layout` name.
final class EvalData {
    private EvalData() {}

    /// @param layout of both folders; without one they are whatever [Sources] knows
    static EvalImages open(Call call, Optional<Layout> layout) {
        if (layout.isPresent()) {
            var train = call.requiredPath("train");
            var test = call.path("test");
            var splits = layout.get().open(train, test.orElse(train));
            return new EvalImages(store(call, splits.train()), Optional.of(store(call, splits.test())));
        }
        var train = call.required("train");
        return new EvalImages(
                store(call, Sources.open(train, call.console()::note)),
                call.text("test").map(test -> store(call, Sources.open(test, call.console()::note))));
    }

    private static ImageStore store(Call call, ImageSource images) {
        images.notes().forEach(note -> call.console().note("note: " + note));
        return ImageStore.open(images, DataSpec.defaults().maxPixels(), 1, 0);
    }
}
