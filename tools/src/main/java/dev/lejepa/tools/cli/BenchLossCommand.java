package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.losses.MultivariateTest;
import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.losses.TestParameters;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.bench.LossBench;
import dev.lejepa.tools.bench.PeakMemory;
import dev.lejepa.tools.bench.Slope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.commons.cli.Option;

/// `bench loss`: times a regularizer with its gradient at one size, and how time and memory grow from there.
final class BenchLossCommand implements Command {
    private static final String EPPS_PULLEY = "epps_pulley";
    private static final int RUNS = 10;
    /// How many times as large the sizes of a sweep are as the first.
    private static final List<Integer> FACTORS = List.of(1, 2, 4, 8);

    /// A size of the problem.
    ///
    /// @param n samples
    /// @param k width
    /// @param s slices
    /// @param p knots
    private record Size(String test, int n, int k, int s, int p) {
        MultivariateTest build() {
            var parameters = new LinkedHashMap<String, String>();
            if (!TestCatalog.isPairwise(test)) {
                parameters.put("slices", Integer.toString(s));
            }
            if (test.equals(EPPS_PULLEY)) {
                parameters.put("knots", Integer.toString(p));
            }
            return TestCatalog.multivariate(test, new TestParameters("--test", parameters));
        }

        /// What can grow, and how.
        Map<String, IntFunction<Size>> growing() {
            var all = new LinkedHashMap<String, IntFunction<Size>>();
            all.put("n", f -> new Size(test, n * f, k, s, p));
            all.put("k", f -> new Size(test, n, k * f, s, p));
            if (!TestCatalog.isPairwise(test)) {
                all.put("s", f -> new Size(test, n, k, s * f, p));
            }
            if (test.equals(EPPS_PULLEY)) {
                all.put("p", f -> new Size(test, n, k, s, (p - 1) * f + 1)); // stays odd
            }
            return all;
        }

        int along(String dimension) {
            return switch (dimension) {
                case "n" -> n;
                case "k" -> k;
                case "s" -> s;
                case "p" -> p;
                default -> throw new IllegalArgumentException(dimension);
            };
        }
    }

    @Override
    public List<Option> options() {
        return Flags.with(
                Flags.engine(),
                Flags.value("test", "NAME|all", "the test (default: epps_pulley); all of them in one table"),
                Flags.value("n", "N", "samples (default: 256)"),
                Flags.value("k", "K", "width of a sample (default: 64)"),
                Flags.value("s", "S", "slices (default: 1024)"),
                Flags.value("p", "P", "knots of epps_pulley (default: 17)"),
                Flags.value("profile", "PREFIX", "writes the engine's time line of each graph to PREFIX.loss_*.json"),
                Flags.flag("no-sweep", "times this size alone, not also 2, 4 and 8 times as large ones"));
    }

    @Override
    public String example() {
        return "./lejepa bench loss --test anderson_darling --n 2048 --s 256";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        call.operands(0, 0);
        var asked = call.text("test").orElse(EPPS_PULLEY);
        var tests = asked.equals("all") ? TestCatalog.all() : List.of(asked);
        var results = new ArrayList<ObjectNode>();
        var options =
                call.path("profile").map(call.engineOptions()::withProfile).orElseGet(call::engineOptions);
        try (var engine = OrtEngine.open(call.device(), options)) {
            var bench = new LossBench(engine, RUNS);
            for (var test : tests) {
                var size = new Size(
                        test,
                        call.whole("n", 1).orElse(256),
                        call.whole("k", 1).orElse(64),
                        call.whole("s", 1).orElse(1024),
                        call.whole("p", 1).orElse(17));
                results.add(measure(call, bench, size));
            }
        }
        call.console().result(json(asked, results));
        return ExitCode.DONE;
    }

    private static ObjectNode json(String asked, List<ObjectNode> results) throws IOException {
        var json = results.size() == 1 ? results.getFirst() : JsonNodeFactory.instance.objectNode();
        json.put("test", asked);
        if (results.size() > 1) {
            json.putArray("tests").addAll(results);
        }
        PeakMemory.resident()
                .ifPresentOrElse(bytes -> json.put("peak_rss_bytes", bytes), () -> json.putNull("peak_rss_bytes"));
        return json;
    }

    private static ObjectNode measure(Call call, LossBench bench, Size size) {
        var result = bench.time(size.build(), size.n(), size.k());
        call.console()
                .say(String.format(
                        Locale.ROOT,
                        "%-22s n %d, k %d, s %d, p %d: %.2f ms at best, %.2f in the median, %.1f MB",
                        size.test(),
                        size.n(),
                        size.k(),
                        size.s(),
                        size.p(),
                        result.minMillis(),
                        result.medianMillis(),
                        result.memoryBytes() / 1e6));
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("test", size.test())
                .put("n", size.n())
                .put("k", size.k())
                .put("s", size.s())
                .put("p", size.p())
                .put("ms_min", rounded(result.minMillis()))
                .put("ms_median", rounded(result.medianMillis()))
                .put("memory_bytes", result.memoryBytes())
                .put("loss", result.loss());
        if (!call.has("no-sweep")) {
            sweep(call, bench, size, json);
        }
        return json;
    }

    private static void sweep(Call call, LossBench bench, Size size, ObjectNode json) {
        var slopes = json.putObject("slopes");
        var memorySlopes = json.putObject("memory_slopes");
        size.growing().forEach((dimension, grown) -> {
            var sizes = new ArrayList<Double>();
            var times = new ArrayList<Double>();
            var memory = new ArrayList<Double>();
            for (var factor : FACTORS) {
                var larger = grown.apply(factor);
                var result = bench.time(larger.build(), larger.n(), larger.k());
                sizes.add((double) larger.along(dimension));
                times.add(result.minMillis());
                memory.add((double) result.memoryBytes());
            }
            slopes.put(dimension, rounded(Slope.of(sizes, times)));
            memorySlopes.put(dimension, rounded(Slope.of(sizes, memory)));
            call.console()
                    .say(String.format(
                            Locale.ROOT,
                            "  %s %s: %s ms, slope %.2f, memory %.2f",
                            dimension,
                            sizes.stream()
                                    .map(x -> String.format(Locale.ROOT, "%.0f", x))
                                    .toList(),
                            times.stream()
                                    .map(x -> String.format(Locale.ROOT, "%.2f", x))
                                    .toList(),
                            Slope.of(sizes, times),
                            Slope.of(sizes, memory)));
        });
    }

    private static double rounded(double x) {
        return Math.round(x * 1000) / 1000.0;
    }
}
