package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.Text;
import dev.lejepa.tools.bench.StepBench;
import dev.lejepa.tools.bench.StepRecipe;
import dev.lejepa.tools.roofline.MeasuredStep;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/// `bench step`: times a training step on random images.
final class BenchStepCommand implements Command {
    private static final int STEPS = 10;

    @Override
    public List<Option> options() {
        return Flags.with(
                Flags.engine(),
                Flags.value("model", "NAME", "backbone, by timm's name"),
                Flags.value("image", "PX", "side of a view in pixels"),
                Flags.value("patch", "P", "side of a patch in pixels, for models that have any"),
                Flags.value("images", "N", "images of a step"),
                Flags.value("views", "V", "views of an image"),
                Flags.value("local-views", "L", "smaller views beside them (default: 0)"),
                Flags.value("local-image", "PX", "side of those in pixels"),
                Flags.value("precision", "fp32|bf16", "number format (default: fp32)"),
                Flags.value(
                        "recompute", "none|attention|block", "what the backward pass computes again (default: none)"),
                Flags.value("micro-batches", "M", "parts that a process computes one after the other (default: 1)"),
                Flags.ranks(),
                Flags.value(
                        "one-ms",
                        "MS",
                        "milliseconds of a step of one process on all cores: tells what a model expects of several"),
                Flags.value(
                        "steps", "S", "steps to time, after 4 seconds of others to warm up (default: " + STEPS + ")"),
                Flags.value("profile", "PREFIX", "writes the engine's time line of each graph to PREFIX.GRAPH_*.json"));
    }

    @Override
    public String example() {
        return "./lejepa bench step --model vit_small_patch8_224 --image 128 --patch 8 --images 4 --views 4 --threads 2";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        var step = new StepRecipe(
                call.required("model"),
                call.requiredWhole("image", 1),
                call.whole("patch", 1),
                call.requiredWhole("images", 1),
                call.requiredWhole("views", 1),
                call.whole("local-views", 0).orElse(0),
                localImage(call),
                call.word("precision", List.of("fp32", "bf16")).orElse("fp32"),
                call.word("recompute", List.of("none", "attention", "block")).orElse("none"),
                call.whole("micro-batches", 1).orElse(1));
        var steps = call.whole("steps", 1).orElse(STEPS);
        var device = call.toldDevice();
        var ranks = call.ranks(device);
        var alone = call.positive("one-ms");
        var result = new StepBench(step, ranks, device, call.engineOptions(), steps, alone).run();
        say(call.console(), result, steps);
        call.console().result(json(result, step.images()));
        return ExitCode.DONE;
    }

    private static int localImage(Call call) {
        return call.whole("local-views", 0).orElse(0) > 0 ? call.requiredWhole("local-image", 1) : 0;
    }

    private static void say(Console console, StepBench.Result result, int steps) {
        result.plan().notes().forEach(console::say);
        console.say(result.estimate().describe(result.onHost()));
        console.say(Text.format(
                "%d steps: %.1f ms at best, %.1f ms in the median, %.1f GFLOP/s",
                steps,
                result.minMillis(),
                result.medianMillis(),
                result.estimate().flopsPerStep() / result.minMillis() / 1e6));
        result.roofline()
                .map(r -> new MeasuredStep(r, result.minMillis() / 1e3).inOneLine())
                .ifPresent(console::say);
        result.link()
                .ifPresent(link -> console.say(Text.format(
                        "%d processes: sums at %.2f GB/s, %.0f us for a message",
                        result.plan().parts().ranks(), link.bytesPerSecond() / 1e9, link.latency() * 1e6)));
        result.expectedMillis().ifPresent(millis -> console.say(Text.format("%.1f ms expected by the model", millis)));
        result.peakResident()
                .ifPresent(bytes -> console.say(Text.format("%.2f GB of memory at the peak", bytes / 1e9)));
        if (result.peakDevice() > 0) {
            var recorded = result.recorded() > 0
                    ? Text.format(", %.2f GB of them for what recorded graphs allocate", result.recorded() / 1e9)
                    : "";
            console.say(
                    Text.format("%.2f GB of the device's memory at the peak%s", result.peakDevice() / 1e9, recorded));
        }
    }

    private static ObjectNode json(StepBench.Result result, int images) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("step_ms_min", rounded(result.minMillis()))
                .put("step_ms_median", rounded(result.medianMillis()));
        result.peakResident()
                .ifPresentOrElse(bytes -> json.put("peak_rss_bytes", bytes), () -> json.putNull("peak_rss_bytes"));
        result.roofline().ifPresent(r -> json.put("roofline_ms", rounded(r.sum().seconds() * 1e3)));
        result.link()
                .ifPresent(link ->
                        json.put("sum_gb_per_s", link.bytesPerSecond() / 1e9).put("message_us", link.latency() * 1e6));
        result.expectedMillis().ifPresent(millis -> json.put("expected_ms", rounded(millis)));
        return json.put("ranks", result.plan().parts().ranks())
                .put("images_per_s", rounded(images / result.minMillis() * 1e3))
                .put("peak_device_bytes", result.peakDevice())
                .put("recorded_device_bytes", result.recorded())
                .put("flops_per_step", result.estimate().flopsPerStep())
                .put(
                        "estimated_memory_bytes",
                        result.onHost()
                                ? result.estimate().peakMemoryBytes()
                                : result.estimate().deviceBytes())
                .put("parameters", result.estimate().parameters())
                .put("micro_batches", result.plan().parts().microBatches())
                .put("loss", result.loss());
    }

    private static double rounded(double millis) {
        return Math.round(millis * 100) / 100.0;
    }
}
