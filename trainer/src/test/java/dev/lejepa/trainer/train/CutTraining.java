package dev.lejepa.trainer.train;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Exchange;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.kernel.Peers;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Some steps of a recipe on images of noise, cut in any way.
record CutTraining(Path folder, Recipe recipe, int classes, int steps, long stepsPerEpoch) {
    /// @param losses of each step
    /// @param states parameters and buffers after the last
    record Result(List<Float> losses, Map<String, float[]> states) {
        /// The largest difference of a loss, relative to the other's.
        double losses(Result other) {
            var most = 0.0;
            for (var i = 0; i < losses.size(); i++) {
                most = Math.max(most, Math.abs(losses.get(i) - other.losses.get(i)) / Math.abs(other.losses.get(i)));
            }
            return most;
        }

        /// The largest difference of an element of the chosen states, relative to the largest element of its tensor.
        double states(Result other) {
            var most = 0.0;
            var largest = 0.0;
            for (var e : other.states.entrySet()) {
                var mine = states.get(e.getKey());
                for (var i = 0; i < mine.length; i++) {
                    most = Math.max(most, Math.abs(mine[i] - e.getValue()[i]));
                    largest = Math.max(largest, Math.abs(e.getValue()[i]));
                }
            }
            return most / largest;
        }
    }

    Result run(Parts parts) throws Exception {
        return run(parts, "run");
    }

    /// The result of the first process.
    Result run(Parts parts, String name) throws Exception {
        var bundle = folder.resolve(name + parts.ranks() + "x" + parts.microBatches());
        BundleWriter.write(
                BundleBuilder.build(recipe, JsonNodeFactory.instance.objectNode(), classes, Target.ORT, parts), bundle);
        var batch = recipe.data().batch();
        if (parts.ranks() == 1) {
            return train(bundle, Exchange.alone(batch), Peers.none());
        }
        var tasks = ThreadExchange.of(parts.ranks(), batch).stream()
                .<Callable<Result>>map(exchange -> () -> train(bundle, exchange, exchange))
                .toList();
        try (var threads = Executors.newFixedThreadPool(parts.ranks())) {
            var results = new ArrayList<Result>();
            for (var future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            for (var r : results) {
                requireSame(results.getFirst(), r);
            }
            return results.getFirst();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void requireSame(Result a, Result b) {
        if (a.losses(b) != 0) {
            throw new IllegalStateException("processes have other losses");
        }
    }

    /// The first of several processes.
    Result first(Parts parts, Exchange exchange) throws IOException {
        var bundle = folder.resolve("first");
        BundleWriter.write(
                BundleBuilder.build(recipe, JsonNodeFactory.instance.objectNode(), classes, Target.ORT, parts), bundle);
        return train(bundle, exchange, Peers.none());
    }

    private Result train(Path bundle, Exchange exchange, Peers peers) throws IOException {
        return train(bundle, peers, (program, inputs, step) -> step(program, inputs, exchange, step));
    }

    /// How a step is made.
    @FunctionalInterface
    interface Step {
        /// @return the loss
        float make(Program program, StepInputs inputs, int step);
    }

    Result train(Path bundle, Step how) throws IOException {
        return train(bundle, Peers.none(), how);
    }

    private Result train(Path bundle, Peers peers, Step how) throws IOException {
        try (var engine = OrtEngine.open("cpu", EngineOptions.of(1).withSpin(false), peers);
                var program = Program.open(engine, bundle);
                var inputs = new StepInputs(program, recipe.seed(), stepsPerEpoch)) {
            program.initialize();
            var losses = new ArrayList<Float>();
            for (var step = 0; step < steps; step++) {
                losses.add(how.make(program, inputs, step));
            }
            var states = new LinkedHashMap<String, float[]>();
            for (var s : program.states().declared(Manifest.Role.PARAMETER, Manifest.Role.BUFFER)) {
                var tensor = program.states().get(s.name());
                states.put(s.name(), s.dtype().equals("int64") ? new float[] {tensor.toLongs()[0]} : tensor.toFloats());
            }
            return new Result(losses, states);
        }
    }

    private float step(Program program, StepInputs inputs, Exchange exchange, int step) {
        var share = exchange.share();
        var all = new int[share.batch()];
        Arrays.setAll(all, i -> step * share.batch() + i);
        var mine = Arrays.copyOfRange(all, share.first(), share.first() + share.images());
        label(program, all);
        inputs.feed(step, mine);
        program.step(
                i -> {
                    inputs.feed(i);
                    var size = program.microBatches()
                            .map(Manifest.MicroBatches::images)
                            .orElse(mine.length);
                    var images = new int[size];
                    Arrays.setAll(images, row -> mine[Math.min(i * size + row, mine.length - 1)]);
                    views(program, images);
                },
                exchange,
                () -> {});
        return program.metric("loss");
    }

    void label(Program program, int[] images) {
        if (classes > 0) {
            program.input("labels")
                    .setLongs(Arrays.stream(images).mapToLong(i -> i % classes).toArray());
        }
    }

    /// Waves of a frequency, direction and color that are the image's, each view with phases of its own.
    static void views(Program program, int[] images) {
        for (var in : program.manifest().fed()) {
            if (in instanceof StageInput.Views views) {
                var tensor = program.input(in.name());
                var numbers = Objects.requireNonNull(views.views());
                var levels = new byte[(int) tensor.size()];
                for (var row = 0; row < images.length * numbers.size(); row++) {
                    wave(levels, row, views.size(), images[row / numbers.size()], numbers.get(row % numbers.size()));
                }
                tensor.copyFrom(MemorySegment.ofArray(levels));
            }
        }
    }

    private static void wave(byte[] levels, int row, int size, int image, int view) {
        var ofImage = Key.of(7, "image").fold(image).draws();
        var x = ofImage.uniform(-2, 2);
        var y = ofImage.uniform(-2, 2);
        var ofView = Key.of(7, "view").fold(image).fold(view).draws();
        for (var color = 0; color < 3; color++) {
            var mean = ofImage.uniform(60, 190);
            var phase = ofView.uniform(0, 2);
            for (var i = 0; i < size * size; i++) {
                var wave = Math.sin(phase + (x * (i % size) + y * (i / size)) / size * 6);
                levels[(row * 3 + color) * size * size + i] = (byte) (mean + 60 * wave);
            }
        }
    }
}
