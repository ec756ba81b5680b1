package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.tools.scaling.Cluster;
import dev.lejepa.tools.scaling.Forecast;
import dev.lejepa.tools.scaling.ScalingRecipe;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.Option;

/// `bench scaling`: what a step would take on many devices, by a model.
final class BenchScalingCommand implements Command {
    private static final String MODELS =
            "vit_small_patch16_224,vit_base_patch16_224,vit_large_patch16_224,vit_huge_patch14_224";
    private static final String GPUS = "8,64,1024";
    private static final String BATCHES = "256,2048,8192";

    @Override
    public List<Option> options() {
        return List.of(
                Flags.value(
                        "model", "NAME,...", "backbones, by timm's names (default: ViT-S, B, L and H, patches of 14)"),
                Flags.value("gpus", "R,...", "how many devices (default: " + GPUS + ")"),
                Flags.value("batch", "N,...", "images of a step, over all devices (default: " + BATCHES + ")"),
                Flags.value("per-machine", "G", "devices of a machine (default: 8)"),
                Flags.value("inside", "GB/s", "of the link of a device to others of its machine (default: 450)"),
                Flags.value("between", "Gb/s", "of the link of a device to other machines (default: 400)"),
                Flags.value("tflops", "T", "TFLOP/s of matrix products on a device (default: 650)"),
                Flags.value("memory-gb", "GB", "of a device (default: 80)"));
    }

    @Override
    public String example() {
        return "./lejepa bench scaling --model vit_large_patch16_224 --gpus 8,64 --batch 512";
    }

    @Override
    public ExitCode run(Call call) {
        call.operands(0, 0);
        var cluster = cluster(call);
        var gpus = wholes("gpus", call.text("gpus").orElse(GPUS));
        var batches = wholes("batch", call.text("batch").orElse(BATCHES));
        var result = JsonNodeFactory.instance.objectNode();
        var forecasts = result.putArray("forecasts");
        call.console().say(HEAD);
        for (var model : call.text("model").orElse(MODELS).split(",", -1)) {
            for (var ranks : gpus) {
                for (var batch : batches) {
                    if (batch >= ranks) {
                        var forecast = new ScalingRecipe(model, batch).forecast(cluster, ranks);
                        call.console().say(row(model, forecast));
                        forecasts.add(json(model, forecast));
                    }
                }
            }
        }
        call.console().result(result);
        return ExitCode.DONE;
    }

    private static Cluster cluster(Call call) {
        var usual = Cluster.h100();
        return usual.withMachines(call.whole("per-machine", 1).orElse(usual.perMachine()))
                .withLinks(
                        call.positive("inside").orElse(Cluster.NVLINK_BYTES / 1e9) * 1e9,
                        call.positive("between").orElse(Cluster.NETWORK_BYTES * 8 / 1e9) / 8 * 1e9)
                .withProducts(call.positive("tflops").orElse(usual.device().products() / 1e12) * 1e12)
                .withMemory((long) (call.positive("memory-gb").orElse(usual.memory() / 1e9) * 1e9));
    }

    private static List<Integer> wholes(String name, String text) {
        try {
            var numbers =
                    Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
            if (numbers.stream().allMatch(n -> n >= 1)) {
                return numbers;
            }
        } catch (NumberFormatException e) {
            // told below, as a number out of range is
        }
        throw new BadInputException(
                Text.format("--%s %s: must be whole numbers of at least 1 with commas between them", name, text));
    }

    private static final String HEAD =
            "model                   GPUs  batch  on each   step, ms  computing  objective  gather"
                    + "  sums  waiting  images/s  epoch, min  GB";

    private static String row(String model, Forecast f) {
        var parts = f.plan().parts();
        var cut = parts.microBatches() == 1 ? "" : " / " + parts.microBatches();
        return Text.format(
                "%-22s %5d %6d  %-8s %9.2f %10.2f %10.2f %7.2f %5.1f %8.2f %9.0f %11.2f %3.0f",
                model,
                parts.ranks(),
                f.batch(),
                Math.ceilDiv(f.batch(), parts.ranks()) + cut,
                f.step() * 1e3,
                f.computing() * 1e3,
                f.objective() * 1e3,
                f.gathering() * 1e3,
                f.summing() * 1e3,
                f.waiting() * 1e3,
                f.batch() / f.step(),
                f.epoch(ScalingRecipe.IMAGENET_IMAGES) / 60,
                f.plan().estimate().deviceBytes() / 1e9);
    }

    private static ObjectNode json(String model, Forecast f) {
        var parts = f.plan().parts();
        return JsonNodeFactory.instance
                .objectNode()
                .put("model", model)
                .put("gpus", parts.ranks())
                .put("batch", f.batch())
                .put("micro_batches", parts.microBatches())
                .put("step_ms", millis(f.step()))
                .put("backbone_ms", millis(f.backbone()))
                .put("objective_ms", millis(f.objective()))
                .put("optimizer_ms", millis(f.optimizer()))
                .put("gather_ms", millis(f.gathering()))
                .put("sum_ms", millis(f.summing()))
                .put("exposed_ms", millis(f.communicating()))
                .put("images_per_s", millis(f.batch() / f.step() / 1e3))
                .put("epoch_s", millis(f.epoch(ScalingRecipe.IMAGENET_IMAGES) / 1e3))
                .put("tflops_per_gpu", millis(f.flopsPerSecond() / 1e15))
                .put("memory_bytes", f.plan().estimate().deviceBytes());
    }

    /// Of seconds, or of thousands of something else: to a thousandth.
    private static double millis(double seconds) {
        return Math.round(seconds * 1e6) / 1e3;
    }
}
