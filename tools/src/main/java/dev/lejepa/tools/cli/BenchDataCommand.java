package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.ViewsOn;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.bench.DataBench;
import dev.lejepa.tools.bench.DeviceViewsBench;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.trainer.data.ImageSource;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/// `bench data`: times reading and augmenting images.
final class BenchDataCommand implements Command {
    /// What one H100 takes of ImageNette's recipe: ViT-S/8, four views of 128 pixels, bf16.
    private static final int H100_VIEWS_PER_SECOND = 22_000;

    @Override
    public List<Option> options() {
        return List.of(
                Flags.value("data", "DATA", "images: a folder, or whatever data.train may name"),
                Flags.value("recipe", "R.yaml", "how views are made (default: the recipe of all defaults)"),
                Flags.value("on", "host|device", "what makes views of decoded images (default: host)"),
                Flags.device());
    }

    @Override
    public String example() {
        return "./lejepa bench data --data photos --recipe recipes/imagenette-minimal.yaml";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        var data = call.required("data");
        var path = call.path("recipe");
        var recipe = path.isPresent() ? RecipeFile.read(path.get(), List.of()) : Recipe.defaults();
        var threads = call.threads();
        if (call.has("device") && !onDevice(call)) {
            throw new BadInputException("--device: makes no views unless --on device is given");
        }
        try (var source = call.sources().open(data)) {
            source.notes().forEach(note -> call.console().note("note: " + note));
            if (onDevice(call)) {
                device(call, source, recipe);
                return ExitCode.DONE;
            }
            var result = new DataBench(source, recipe, threads).run();
            say(call.console(), result, threads);
            call.console().result(json(result, threads));
        }
        return ExitCode.DONE;
    }

    private static boolean onDevice(Call call) {
        var device = ViewsOn.DEVICE.word();
        return call.word("on", List.of(ViewsOn.HOST.word(), device))
                .filter(device::equals)
                .isPresent();
    }

    private static void device(Call call, ImageSource source, Recipe recipe) throws InterruptedException {
        var threads = call.threads();
        try (var engine = OrtEngine.open(call.toldDevice(), EngineOptions.of(threads))) {
            var r = new DeviceViewsBench(source, recipe, threads).run(engine);
            var console = call.console();
            console.say(Text.format("%d images; views of crops that a graph makes:", r.images()));
            line(console, "from file to crops, per core", r.crops(), "views/s");
            line(console, "from crops to views, " + engine.device(), r.views(), "views/s");
            console.say(Text.format(
                    "  an image takes %.2f GFLOP, %.0f MB of traffic, %.0f MB of memory",
                    r.flops() / 1e9, r.traffic() / 1e6, r.memory() / 1e6));
            console.say(
                    Text.format("  by these figures, not measured, an H100 makes views of %.0f images/s", r.h100()));
            console.result(JsonNodeFactory.instance
                    .objectNode()
                    .put("images", r.images())
                    .put("threads", threads)
                    .put("device", engine.device())
                    .put("crops_per_s_per_core", rounded(r.crops()))
                    .put("views_per_s", rounded(r.views()))
                    .put("flops_per_image", r.flops())
                    .put("traffic_bytes_per_image", r.traffic())
                    .put("memory_bytes_per_image", r.memory())
                    .put("h100_images_per_s_estimated", rounded(r.h100())));
        }
    }

    private static void say(Console console, DataBench.Result result, int threads) {
        console.say(Text.format("%d images; per core and second:", result.images()));
        line(console, "decode", result.decodes(), "images");
        result.libraries().forEach((library, rate) -> line(console, "  JPEG by " + library, rate, "images"));
        line(console, "crop, resize, flip", result.crops(), "views");
        line(console, "color", result.colors(), "views");
        line(console, "blur", result.blurs(), "views");
        line(console, Text.format("from image to batch, %d threads", threads), result.views(), "views");
        console.say(Text.format(
                "a device that takes %d views/s, as an H100 with the ImageNette recipe, needs %.1f of these cores",
                H100_VIEWS_PER_SECOND, H100_VIEWS_PER_SECOND / result.views()));
    }

    private static void line(Console console, String what, double rate, String unit) {
        if (Double.isFinite(rate)) {
            console.say(Text.format("  %-32s %8.0f %s", what, rate, unit));
        }
    }

    private static ObjectNode json(DataBench.Result result, int threads) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("images", result.images())
                .put("threads", threads)
                .put("views_per_s_per_core", rounded(result.views()))
                .put("decode_per_s_per_core", rounded(result.decodes()))
                .put("crop_per_s_per_core", rounded(result.crops()));
        var libraries = json.putObject("decode_per_s_per_core_by_library");
        result.libraries().forEach((library, rate) -> libraries.put(library, rounded(rate)));
        put(json, "color_per_s_per_core", result.colors());
        put(json, "blur_per_s_per_core", result.blurs());
        return json.put("device_views_per_s", H100_VIEWS_PER_SECOND)
                .put("cores_for_device", rounded(H100_VIEWS_PER_SECOND / result.views()));
    }

    /// Null where a part takes no time.
    private static void put(ObjectNode json, String key, double rate) {
        if (Double.isFinite(rate)) {
            json.put(key, rounded(rate));
        } else {
            json.putNull(key);
        }
    }

    private static double rounded(double rate) {
        return Math.round(rate * 10) / 10.0;
    }
}
