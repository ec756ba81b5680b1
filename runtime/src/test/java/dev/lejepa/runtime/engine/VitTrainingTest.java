package dev.lejepa.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.nn.Distribution;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.graphs.recipe.ImageSize;
import dev.lejepa.graphs.recipe.LossSpec;
import dev.lejepa.graphs.recipe.ModelSpec;
import dev.lejepa.graphs.recipe.ProjectorSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Target;
import dev.lejepa.graphs.recipe.TrainSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trains a small vision transformer, global and local views, projector and probe, from the bundle of its recipe.
class VitTrainingTest {
    private static final int CLASSES = 3;

    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void open() {
        engine = OrtEngine.open("cpu", EngineOptions.of(2).withSpin(false));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static Recipe recipe(Target target) {
        var d = Recipe.defaults();
        var v = d.views();
        var t = d.train();
        var backbone = new BackboneSpec(
                "vit_tiny_patch16_224",
                Optional.of(ImageSize.square(16)),
                OptionalInt.of(4),
                OptionalInt.of(2),
                OptionalInt.of(32),
                OptionalInt.of(2),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0.2,
                24);
        return d.withData(new DataSpec(
                        Optional.empty(),
                        Optional.empty(),
                        8,
                        OptionalInt.empty(),
                        0,
                        d.data().jpeg()))
                .withViews(new ViewsSpec(
                        new CropSpec(2, 16, v.global().scale()),
                        new CropSpec(2, 8, v.local().scale()),
                        v.ratio(),
                        v.flip(),
                        v.jitter(),
                        v.grayscale(),
                        v.blur(),
                        v.solarize(),
                        v.mean(),
                        v.std()))
                .withModel(new ModelSpec(backbone, new ProjectorSpec(List.of(48), 8)))
                .withLoss(new LossSpec(d.loss().dialect(), d.loss().regularizer(), 0.1, 32, 17, 3))
                .withTrain(new TrainSpec(
                        t.epochs(),
                        t.steps(),
                        t.precision(),
                        target,
                        t.checkpointEveryEpochs(),
                        t.checkpointEverySteps(),
                        t.keep()));
    }

    private Program program(Target target) throws IOException {
        var bundle = folder.resolve(target.word());
        BundleWriter.write(BundleBuilder.build(recipe(target), JsonNodeFactory.instance.objectNode(), CLASSES), bundle);
        var program = Program.open(engine, bundle);
        program.initialize();
        return program;
    }

    /// Fills every input as a function of the step: images from `images`, draws from the step itself.
    private static float step(Program program, int step, int images) {
        var random = new Random(images);
        var draws = new Random(1000 + step);
        for (var stage : program.manifest().stages()) {
            for (var in : stage.inputs()) {
                switch (in.is()) {
                    case VIEWS -> levels(program.input(in.name()), random);
                    case LABELS -> labels(program.input(in.name()));
                    case DRAW -> fill(program.input(in.name()), draws, in.distribution());
                    case SCALAR -> program.input(in.name()).setFloats(2e-3f);
                    case STEP -> {} // the program counts
                    case STATE -> {}
                }
            }
        }
        program.step();
        return program.metric("loss");
    }

    private static void levels(DeviceTensor tensor, Random random) {
        var levels = new byte[(int) tensor.size()];
        random.nextBytes(levels);
        tensor.copyFrom(MemorySegment.ofArray(levels));
    }

    private static void labels(DeviceTensor tensor) {
        var labels = new long[(int) tensor.size()];
        for (var i = 0; i < labels.length; i++) {
            labels[i] = i % CLASSES;
        }
        tensor.setLongs(labels);
    }

    private static void fill(DeviceTensor tensor, Random random, Distribution distribution) {
        var values = new float[(int) tensor.size()];
        for (var i = 0; i < values.length; i++) {
            values[i] = (float)
                    switch (distribution) {
                        case Distribution.Normal n -> n.mean() + n.std() * random.nextGaussian();
                        case Distribution.Uniform u -> u.low() + (u.high() - u.low()) * random.nextDouble();
                        case Distribution.Bernoulli b -> random.nextDouble() < b.p() ? b.value() : 0;
                    };
        }
        tensor.setFloats(values);
    }

    @Test
    void lossAndProbeLossFallOnAFixedBatch() throws IOException {
        try (var program = program(Target.ORT)) {
            var first = step(program, 0, 0);
            var firstProbe = program.metric("probe_loss");
            for (var s = 1; s < 40; s++) {
                step(program, s, 0);
            }
            // A step's loss scatters with its slices and dropped paths, by far less than this.
            assertTrue(program.metric("loss") < 0.8 * first, "%f after %f".formatted(program.metric("loss"), first));
            assertTrue(program.metric("probe_loss") < 0.8 * firstProbe);
        }
    }

    @Test
    void bothTargetsTrainTheSame() throws IOException {
        try (var ort = program(Target.ORT);
                var portable = program(Target.PORTABLE)) {
            for (var s = 0; s < 5; s++) {
                // float32 rounding in another order, carried on by five steps of Adam
                assertEquals(step(portable, s, s), step(ort, s, s), 1e-4, "loss of step " + s);
            }
        }
    }

    @Test
    void resumedRunEqualsUninterruptedRun() throws IOException {
        var saved = new Checkpoints(folder.resolve("run"));
        var losses = new ArrayList<Float>();
        try (var program = program(Target.ORT)) {
            for (var s = 0; s < 6; s++) {
                if (s == 3) {
                    saved.save(program.states(), s, "recipe", 1);
                }
                losses.add(step(program, s, s));
            }
            try (var resumed = Program.open(engine, program.bundle().directory())) {
                var checkpoint = saved.newest().orElseThrow();
                checkpoint.restore(resumed.states());
                for (var s = (int) checkpoint.step(); s < 6; s++) {
                    assertEquals(losses.get(s), step(resumed, s, s), "loss of step " + s);
                }
                for (var state : program.states().declared(Manifest.Role.values())) {
                    var name = state.name();
                    assertArrayEquals(
                            bytes(program.states().get(name)),
                            bytes(resumed.states().get(name)),
                            name);
                }
            }
        }
    }

    private static byte[] bytes(DeviceTensor tensor) {
        return tensor.segment().toArray(ValueLayout.JAVA_BYTE);
    }
}
