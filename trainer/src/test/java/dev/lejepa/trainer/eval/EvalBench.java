package dev.lejepa.trainer.eval;

import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Times what an evaluation computes from features, on clusters of noise: `EvalBench [images width classes]`, by default
/// 50,000 images of 1,024 features in 100 classes. No test; `docs/benchmarks.md` has its figures.
final class EvalBench {
    private static final int THREADS = 2;
    private static final int NEIGHBORS = 20;
    private static final long SEEDS = 3;

    private EvalBench() {}

    public static void main(String... words) throws IOException {
        var sizes = words.length == 3 ? words : new String[] {"50000", "1024", "100"};
        var classes = Integer.parseInt(sizes[2]);
        var labels = TestData.labels(Integer.parseInt(sizes[0]), classes);
        var x = clusters(labels, Integer.parseInt(sizes[1]), classes);
        var names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        try (var engine = OrtEngine.open("cpu", EngineOptions.of(THREADS))) {
            time("probes, all images", () -> {
                var split = ProbeSplit.all(labels, classes, 0);
                LinearProbe.fit(engine, x, labels, classes, split, LinearProbe.Settings.standard(0));
            });
            for (var shots : List.of(1, 10)) {
                time("probes, shots: " + shots + ", three seeds", () -> {
                    for (var seed = 0L; seed < SEEDS; seed++) {
                        var split = ProbeSplit.few(labels, names, shots, seed);
                        LinearProbe.fit(engine, x, labels, classes, split, LinearProbe.Settings.standard(seed));
                    }
                });
            }
            time("neighbors of all images", () -> {
                try (var near = new NearestNeighbors(engine, x, NEIGHBORS)) {
                    near.find(x);
                }
            });
        }
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .forEach(System.out::println);
    }

    private static void time(String what, Runnable work) {
        var began = System.nanoTime();
        work.run();
        System.out.println(what + ": " + (System.nanoTime() - began) / 100_000_000 / 10.0 + " s");
    }

    private static Features clusters(int[] labels, int columns, int classes) {
        var random = new SplittableRandom(1);
        var centers = TestData.normal(classes, columns, 2);
        var values = new float[Math.multiplyExact(labels.length, columns)];
        for (var i = 0; i < values.length; i++) {
            var noise = random.nextDouble() + random.nextDouble() - 1;
            values[i] = 0.15f * centers.at(labels[i / columns], i % columns) + 2.4f * (float) noise;
        }
        return new Features(values, labels.length, columns);
    }
}
