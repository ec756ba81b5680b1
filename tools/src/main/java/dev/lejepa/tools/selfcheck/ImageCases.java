package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.tools.selfcheck.GoldenTensor.Role;
import dev.lejepa.trainer.image.Box;
import dev.lejepa.trainer.image.ColorOps;
import dev.lejepa.trainer.image.EvalTransform;
import dev.lejepa.trainer.image.GaussianBlur;
import dev.lejepa.trainer.image.HueShift;
import dev.lejepa.trainer.image.PlanarImage;
import dev.lejepa.trainer.image.Resizer;
import dev.lejepa.trainer.image.RgbImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjDoubleConsumer;

/// Family 10, single operations: what PIL makes of an image must come out to the last level.
final class ImageCases {
    private static final String INPUT = "input";
    private static final String PIL = "pil/";

    private ImageCases() {}

    /// A case of any operation; which one, its parameters tell.
    static void operation(GoldenCase golden, Comparison results) {
        // What torchvision makes of tensors differs from what it makes of PIL's images, and only these are used here.
        results.ignore(name -> name.startsWith("tensor_"));
        var params = golden.params();
        if (params.has("factors")) {
            color(golden, results);
        } else if (params.has("kernels")) {
            blur(golden, results);
        } else if (params.has("crops")) {
            crops(golden, results);
        } else if (params.has("S")) {
            evaluation(golden, results);
        } else if (params.has("views")) {
            PipelineCases.check(golden, results);
        } else if (params.has("threshold")) {
            simple(golden, results);
        } else {
            throw new BadInputException(
                    Text.format("%s: the parameters %s tell of no known operation", golden, params.keys()));
        }
    }

    private static void color(GoldenCase golden, Comparison results) {
        var change = change(golden);
        var factors = golden.params().numbers("factors");
        for (var i = 0; i < factors.size(); i++) {
            var image = Picture.planar(Picture.read(golden, INPUT));
            change.accept(image, factors.get(i));
            results.expect(PIL + "f" + i, Picture.array(image));
        }
    }

    private static ObjDoubleConsumer<PlanarImage> change(GoldenCase golden) {
        var name = golden.document().text("name", golden.name());
        var changes = Map.<String, ObjDoubleConsumer<PlanarImage>>of(
                "brightness", ColorOps::brightness,
                "contrast", ColorOps::contrast,
                "saturation", ColorOps::saturation,
                "hue", new HueShift()::apply);
        return changes.entrySet().stream()
                .filter(e -> name.contains(e.getKey()))
                .findFirst()
                .orElseThrow(() -> new BadInputException(
                        Text.format("%s: the name '%s' tells of none of %s", golden, name, changes.keySet())))
                .getValue();
    }

    private static void blur(GoldenCase golden, Comparison results) {
        var kernels = golden.params().objects("kernels");
        for (var i = 0; i < kernels.size(); i++) {
            var image = Picture.planar(Picture.read(golden, INPUT));
            new GaussianBlur()
                    .apply(
                            image,
                            kernels.get(i).integer("kernel"),
                            kernels.get(i).number("sigma"));
            results.expect(PIL + "b" + i, Picture.array(image));
        }
    }

    private static void crops(GoldenCase golden, Comparison results) {
        var image = Picture.read(golden, INPUT);
        var crops = golden.params().list("crops");
        for (var i = 0; i < crops.size(); i++) {
            var c = crops.get(i);
            var box = new Box(
                    c.get(0).intValue(),
                    c.get(1).intValue(),
                    c.get(2).intValue(),
                    c.get(3).intValue());
            var out = new PlanarImage();
            new Resizer().resize(image, box, c.get(4).intValue(), c.get(5).intValue(), out);
            results.expect(PIL + "crop" + i, Picture.array(out));
        }
    }

    /// The transform of evaluation: shorter side to `S`, then the central square; and other central boxes.
    private static void evaluation(GoldenCase golden, Comparison results) {
        var size = golden.params().integer("S");
        var image = Picture.read(golden, INPUT);
        var shorter = Math.min(image.height(), image.width());
        var resized = new PlanarImage();
        new Resizer()
                .resize(image, Box.of(image), size * image.height() / shorter, size * image.width() / shorter, resized);
        var square = new RgbImage();
        new EvalTransform(size).render(image, square);
        results.expectAll(Map.of(PIL + "resized", Picture.array(resized), PIL + "cropped", Picture.array(square)));
        for (var tensor : golden.tensors(Role.EXPECTED)) {
            if (tensor.name().startsWith(PIL + "centercrop")) {
                var height = Math.toIntExact(tensor.shape().get(0));
                var width = Math.toIntExact(tensor.shape().get(1));
                var cut = new PlanarImage();
                var box = Box.center(image.height(), image.width(), height, width);
                new Resizer().resize(image, box, height, width, cut);
                results.expect(tensor.name(), Picture.array(cut));
            }
        }
    }

    /// Operations without a choice, but for solarize's threshold.
    private static void simple(GoldenCase golden, Comparison results) {
        var params = golden.params();
        var image = Picture.read(golden, INPUT);
        var flipped = changed(image, PlanarImage::flip);
        var gray = changed(image, ColorOps::grayscale);
        var solarized = changed(image, i -> ColorOps.solarize(i, params.integer("threshold")));
        var same = Picture.planar(image);
        var mean = params.has("mean")
                ? params.numbers("mean")
                : ViewsSpec.defaults().mean();
        var std =
                params.has("std") ? params.numbers("std") : ViewsSpec.defaults().std();
        var outputs = new LinkedHashMap<String, NdArray>();
        outputs.put(PIL + "hflip", Picture.array(flipped));
        outputs.put(PIL + "gray3", Picture.array(gray));
        outputs.put(PIL + "gray1", Picture.firstColor(gray));
        outputs.put(PIL + "solarize", Picture.array(solarized));
        outputs.put("float_chw", Picture.normalized(same, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)));
        outputs.put("normalized_chw", Picture.normalized(same, mean, std));
        results.expectAll(outputs);
    }

    private static PlanarImage changed(RgbImage image, Consumer<PlanarImage> change) {
        var copy = Picture.planar(image);
        change.accept(copy);
        return copy;
    }
}
