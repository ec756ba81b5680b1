package dev.lejepa.tools.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.train.RunFolder;
import java.nio.file.Path;

/// What came out. Accuracies are those of linear classifiers on held-out images, 0 to 1.
///
/// @param trainImages that the encoder and the classifiers learned from
/// @param valImages held out
/// @param probeTop1 on features of the trained encoder
/// @param untrainedTop1 on features of the encoder before training
/// @param pixelTop1 on the pixels
/// @param seconds of the whole demonstration
public record DemoResult(
        int trainImages,
        int valImages,
        double probeTop1,
        double untrainedTop1,
        double pixelTop1,
        double chance,
        double seconds,
        RunFolder run) {
    /// The file of a run's folder that holds its [#json].
    public static Path file(RunFolder run) {
        return run.path().resolve("demo.json");
    }

    /// For scripts.
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("probe_top1", probeTop1)
                .put("untrained_top1", untrainedTop1)
                .put("pixel_top1", pixelTop1)
                .put("chance", chance)
                .put("seconds", Math.round(seconds * 10) / 10.0)
                .put("run", PathText.text(run.path()))
                .put("encoder", PathText.text(run.encoder()));
    }
}
