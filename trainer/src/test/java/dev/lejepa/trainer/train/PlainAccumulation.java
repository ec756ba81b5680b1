package dev.lejepa.trainer.train;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.runtime.engine.Program;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;

/// What others call gradient accumulation: the mean of the gradients of losses of micro-batches, each of which sees its
/// own images alone.
final class PlainAccumulation {
    private final CutTraining training;
    private final int microBatches;

    private PlainAccumulation(CutTraining training, int microBatches) {
        this.training = training;
        this.microBatches = microBatches;
    }

    static CutTraining.Result run(CutTraining training, int microBatches) throws IOException {
        var recipe = training.recipe();
        var part = recipe.withData(recipe.data().withBatch(recipe.data().batch() / microBatches));
        var bundle = training.folder().resolve("plain");
        BundleWriter.write(
                BundleBuilder.build(part, JsonNodeFactory.instance.objectNode(), training.classes()), bundle);
        return training.train(bundle, new PlainAccumulation(training, microBatches)::step);
    }

    private float step(Program program, StepInputs inputs, int step) {
        var batch = training.recipe().data().batch();
        var size = batch / microBatches;
        var sums = new HashMap<String, float[]>();
        var loss = 0f;
        for (var m = 0; m < microBatches; m++) {
            var first = step * batch + m * size;
            var images = new int[size];
            Arrays.setAll(images, i -> first + i);
            training.label(program, images);
            inputs.feed(step, images);
            CutTraining.views(program, images);
            program.run("train");
            loss += program.metric("loss") / microBatches;
            for (var s : program.states().declared(Manifest.Role.GRADIENT)) {
                var gradient = program.states().get(s.name()).toFloats();
                var sum = sums.computeIfAbsent(s.name(), _ -> new float[gradient.length]);
                for (var i = 0; i < sum.length; i++) {
                    sum[i] += gradient[i] / microBatches;
                }
            }
        }
        sums.forEach((name, sum) -> program.states().get(name).setFloats(sum));
        program.run("optimize");
        return loss;
    }
}
