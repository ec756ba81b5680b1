package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.recipe.Regularizer;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.bench.HostMemory;
import dev.lejepa.tools.bench.LossBench;
import dev.lejepa.tools.bench.LossSize;
import dev.lejepa.tools.bench.Slope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;

/// `bench loss`: times a regularizer with its gradient at one size, and how time and memory grow from there.
final class BenchLossCommand implements Command {
    private static final int RUNS = 10;
    /// How many times as large the sizes of a sweep are as the first.
    private static final List<Integer> FACTORS = List.of(1, 2, 4, 8);

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
        var asked = call.text("test").orElse(Regularizer.EPPS_PULLEY.word());
        var tests = asked.equals("all") ? List.of(Regularizer.values()) : List.of(TestCatalog.find(asked));
        var results = new ArrayList<ObjectNode>();
        try (var engine = OrtEngine.open(call.toldDevice(), call.engineOptions())) {
            var bench = new LossBench(engine, RUNS);
            for (var test : tests) {
                var size = new LossSize(
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
        HostMemory.peakResident()
                .ifPresentOrElse(bytes -> json.put("peak_rss_bytes", bytes), () -> json.putNull("peak_rss_bytes"));
        return json;
    }

    private static ObjectNode measure(Call call, LossBench bench, LossSize size) throws IOException {
        requireFit(bench, size);
        var result = bench.time(List.of(size)).getFirst();
        call.console()
                .say(Text.format(
                        "%-22s n %d, k %d, s %d, p %d: %.2f ms at best, %.2f in the median, %.1f MB",
                        size.test().word(),
                        size.n(),
                        size.k(),
                        size.s(),
                        size.p(),
                        result.minMillis(),
                        result.medianMillis(),
                        result.memoryBytes() / 1e6));
        var json = json(size, result);
        if (!call.has("no-sweep")) {
            sweep(call, bench, size, json);
        }
        return json;
    }

    private static void requireFit(LossBench bench, LossSize size) throws IOException {
        if (bench.fitting(List.of(size)).isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: n %d, k %d, s %d take %.2f GB of memory, and %.2f GB are free",
                    size.test().word(),
                    size.n(),
                    size.k(),
                    size.s(),
                    bench.memoryBytes(size) / 1e9,
                    bench.freeBytes() / 1e9));
        }
    }

    private static ObjectNode json(LossSize size, LossBench.Result result) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("test", size.test().word())
                .put("n", size.n())
                .put("k", size.k())
                .put("s", size.s())
                .put("p", size.p())
                .put("ms_min", rounded(result.minMillis()))
                .put("ms_median", rounded(result.medianMillis()))
                .put("memory_bytes", result.memoryBytes())
                .put("loss", result.loss());
    }

    private static void sweep(Call call, LossBench bench, LossSize size, ObjectNode json) throws IOException {
        var slopes = json.putObject("slopes");
        var memorySlopes = json.putObject("memory_slopes");
        for (var dimension : size.dimensions()) {
            var grown = sizes(call, bench, size, dimension);
            if (grown.size() < 2) {
                slopes.putNull(dimension.word());
                memorySlopes.putNull(dimension.word());
                continue;
            }
            var results = bench.time(grown);
            var sizes = grown.stream().map(g -> (double) g.along(dimension)).toList();
            var times = results.stream().map(LossBench.Result::minMillis).toList();
            var memory = results.stream().map(r -> (double) r.memoryBytes()).toList();
            var slope = Slope.of(sizes, times);
            var memorySlope = Slope.of(sizes, memory);
            slopes.put(dimension.word(), rounded(slope));
            memorySlopes.put(dimension.word(), rounded(memorySlope));
            var word = dimension.word();
            call.console()
                    .say(Text.format(
                            "  %s %s: %s ms, slope %.2f, memory %.2f",
                            word,
                            sizes.stream().map(s -> Text.format("%.0f", s)).toList(),
                            times.stream().map(t -> Text.format("%.2f", t)).toList(),
                            slope,
                            memorySlope));
        }
    }

    /// The sizes of a sweep for which there is memory.
    private static List<LossSize> sizes(Call call, LossBench bench, LossSize first, LossSize.Dimension dimension)
            throws IOException {
        var fit = bench.fitting(FACTORS.stream()
                .flatMap(f -> first.grown(dimension, f).stream())
                .toList());
        if (fit.size() < FACTORS.size()) {
            call.console()
                    .note(Text.format(
                            "  %s: %d of %d sizes are left out, there is not enough memory for them",
                            dimension.word(), FACTORS.size() - fit.size(), FACTORS.size()));
        }
        return fit;
    }

    private static double rounded(double x) {
        return Math.round(x * 1000) / 1000.0;
    }
}
