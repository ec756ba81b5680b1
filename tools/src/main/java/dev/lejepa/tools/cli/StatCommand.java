package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.stat.Battery;
import dev.lejepa.tools.stat.BatteryResult;
import dev.lejepa.tools.stat.Stat;
import dev.lejepa.tools.stat.StatRequest;
import dev.lejepa.tools.stat.StatResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/// `stat`: a statistical test of a matrix of embeddings against the standard normal law.
final class StatCommand implements Command {
    /// What the JVM says where its heap runs out.
    private static final List<String> OUT_OF_MEMORY =
            List.of("Java heap space", "GC overhead limit exceeded", "Requested array size exceeds VM limit");

    @Override
    public List<Option> options() {
        return Flags.with(
                Flags.engine(),
                Flags.value(
                        "test", "NAME|all", "the test, such as epps_pulley; all: every one, and a verdict in words"),
                Flags.value("param", "k=v", "a parameter of the test, such as slices=256; may be repeated"),
                Flags.value("embeddings", "x.npy", "matrix [n, d] of numbers, computed in fp32"),
                Flags.value("directions", "A.npy", "matrix [d, S]: tests the projections onto its columns"),
                Flags.value("grad", "g.npy", "writes the gradient of the statistic, float32 [n, d]"),
                Flags.flag(
                        "p-value",
                        "a p-value also where no null law is known, from draws; the result names the method"),
                Flags.value("seed", "N", "of random directions and draws (default: 0)"));
    }

    @Override
    public String example() {
        return "./lejepa stat --test epps_pulley --param slices=256 --embeddings photos.npy --p-value";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        call.operands(0, 0);
        var request = new StatRequest(
                call.required("test"),
                parameters(call),
                call.requiredPath("embeddings"),
                call.path("directions"),
                call.outputFile("grad", inputs(call)),
                call.has("p-value"),
                call.wholeLong("seed").orElse(0));
        inMemory(request, () -> {
            try (var engine = OrtEngine.open(call.toldDevice(), call.engineOptions())) {
                answer(engine, request, call.console());
            }
        });
        return ExitCode.DONE;
    }

    private static Path[] inputs(Call call) {
        return Stream.of("embeddings", "directions")
                .flatMap(name -> call.path(name).stream())
                .toArray(Path[]::new);
    }

    /// What may run out of memory.
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /// Runs what goes through a file, and says so where it is too large. The engine's kernels in Java have the same
    /// heap; of what they throw, the engine passes on the words alone.
    static void inMemory(StatRequest request, Work work) throws IOException {
        try {
            work.run();
        } catch (OutOfMemoryError e) {
            throw tooLarge(request, e);
        } catch (EngineException e) {
            var words = String.valueOf(e.getMessage());
            throw OUT_OF_MEMORY.stream().anyMatch(words::contains) ? tooLarge(request, e) : e;
        }
    }

    private static BadInputException tooLarge(StatRequest request, Throwable cause) {
        return new BadInputException(
                Text.format(
                        "%s: too large for the memory of this machine (a heap of %d MB)",
                        request.embeddings(), Runtime.getRuntime().maxMemory() >> 20),
                cause);
    }

    private static void answer(Engine engine, StatRequest request, Console console) throws IOException {
        if (request.test().equals("all")) {
            var result = new Battery(engine, request, console::note).run();
            say(console, result);
            console.result(json(result));
            return;
        }
        var result = new Stat(engine, request, console::note).run();
        say(console, result);
        console.result(json(result));
    }

    private static Map<String, String> parameters(Call call) {
        var all = new LinkedHashMap<String, String>();
        for (var text : call.texts("param")) {
            var at = text.indexOf('=');
            if (at < 1) {
                throw new BadInputException(Text.format("--param %s: must be NAME=VALUE, such as slices=256", text));
            }
            all.put(text.substring(0, at).strip(), text.substring(at + 1).strip());
        }
        return all;
    }

    private static void say(Console console, StatResult result) {
        console.say(Text.format("%s of [%d, %d]: %.6g", result.test(), result.n(), result.d(), result.statistic()));
        result.perColumn()
                .ifPresent(each -> console.say(Text.format(
                        "%d columns from %.6g to %.6g",
                        each.length,
                        Arrays.stream(each).min().orElse(0),
                        Arrays.stream(each).max().orElse(0))));
        result.significance()
                .ifPresentOrElse(
                        s -> console.say(Text.format("p-value %.4g (%s)", s.combined(), s.method())),
                        () -> console.say("no known null law: --p-value draws it"));
    }

    static ObjectNode json(StatResult result) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("test", result.test())
                .put("n", result.n())
                .put("d", result.d());
        put(json, "statistic", result.statistic());
        result.perColumn().ifPresentOrElse(each -> putAll(json, "per_column", each), () -> json.putNull("per_column"));
        result.significance()
                .ifPresentOrElse(
                        s -> {
                            put(json, "p_value", s.combined());
                            putAll(json, "p_values", s.each());
                            json.put("p_value_method", s.method());
                            put(json, "expected", s.expected());
                        },
                        () -> json.putNull("p_value").putNull("p_values").putNull("p_value_method"));
        return json;
    }

    private static void say(Console console, BatteryResult result) {
        console.say(Text.format(
                "%d rows of %d columns; %s on %d rows, tests of pairs on %d",
                result.n(),
                result.d(),
                result.slices() == 0 ? "tests of the column" : result.slices() + " random directions",
                result.slicedRows(),
                result.pairedRows()));
        console.say(Text.format("%-22s %12s %12s %10s  %s", "test", "statistic", "if normal", "p-value", "by"));
        result.tests()
                .forEach(r -> console.say(Text.format(
                        "%-22s %12.5g %12.5g %10.3g  %s",
                        r.test(), r.statistic(), r.expected(), r.pValue(), r.method())));
        console.say(result.verdict());
    }

    private static ObjectNode json(BatteryResult result) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("test", "all")
                .put("n", result.n())
                .put("d", result.d())
                .putNull("statistic")
                .putNull("per_column")
                .putNull("p_value")
                .put("slices", result.slices())
                .put("rows_sliced", result.slicedRows())
                .put("rows_paired", result.pairedRows());
        var tests = json.putArray("tests");
        for (var r : result.tests()) {
            var row = tests.addObject().put("test", r.test());
            put(row, "statistic", r.statistic());
            put(row, "expected", r.expected());
            put(row, "p_value", r.pValue());
            row.put("p_value_method", r.method());
        }
        result.departures().forEach(json.putArray("departures")::add);
        return json.put("verdict", result.verdict());
    }

    private static void putAll(ObjectNode json, String key, double[] values) {
        var array = json.putArray(key);
        for (var value : values) {
            if (Double.isFinite(value)) {
                array.add(value);
            } else {
                array.addNull();
            }
        }
    }

    /// JSON has no infinite numbers.
    static void put(ObjectNode json, String key, double value) {
        if (Double.isFinite(value)) {
            json.put(key, value);
        } else {
            json.putNull(key);
        }
    }
}
