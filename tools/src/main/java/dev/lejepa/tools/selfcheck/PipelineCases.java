package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.BlurSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.SolarizeSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.image.Box;
import dev.lejepa.trainer.image.JitterDraw;
import dev.lejepa.trainer.image.JitterDraw.Change;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.image.ViewDraw;
import dev.lejepa.trainer.image.ViewPipeline;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Family 10, the whole augmentation with everything that chance decides given.
final class PipelineCases {
    private PipelineCases() {}

    static void check(GoldenCase golden, Comparison results) {
        var params = golden.params();
        var image = Picture.read(golden, "input");
        var views = params.objects("views");
        for (var i = 0; i < views.size(); i++) {
            var view = views.get(i);
            var draw = draw(view);
            var spec = spec(params, view, draw.size());
            var pipeline = new ViewPipeline(spec);
            var rendered = new RgbImage();
            pipeline.render(image, draw, rendered);
            var levels = new byte[3 * draw.size() * draw.size()];
            pipeline.write(image, draw, MemorySegment.ofArray(levels), 0);
            results.expectAll(Map.of(
                    "pil/view" + i,
                    Picture.array(rendered),
                    "normalized_chw/view" + i,
                    Picture.normalized(levels, draw.size(), draw.size(), spec.mean(), spec.std())));
        }
    }

    private static ViewsSpec spec(Params params, Params view, int size) {
        var usual = ViewsSpec.defaults();
        var kernel = view.has("blur_kernel") ? view.integer("blur_kernel") : params.integer("blur_kernel", 7);
        return new ViewsSpec(
                new CropSpec(1, size, usual.global().scale()),
                new CropSpec(0, size, usual.local().scale()),
                usual.ratio(),
                usual.flip(),
                usual.jitter(),
                usual.grayscale(),
                new BlurSpec(usual.blur().p(), kernel, usual.blur().sigma()),
                new SolarizeSpec(usual.solarize().p(), params.integer("threshold", 128)),
                params.has("mean") ? params.numbers("mean") : usual.mean(),
                params.has("std") ? params.numbers("std") : usual.std());
    }

    private static ViewDraw draw(Params view) {
        var crop = view.integers("crop");
        return new ViewDraw(
                new Box(crop.get(0), crop.get(1), crop.get(2), crop.get(3)),
                view.integer("size"),
                view.flag("hflip", false),
                view.flag("jitter", false) ? Optional.of(jitter(view)) : Optional.empty(),
                view.flag("gray", false),
                view.has("blur_sigma") ? OptionalDouble.of(view.number("blur_sigma")) : OptionalDouble.empty(),
                view.flag("solarize", false));
    }

    private static JitterDraw jitter(Params view) {
        var order = view.integers("jitter_order").stream()
                .map(code -> switch (code) {
                    case 0 -> Change.BRIGHTNESS;
                    case 1 -> Change.CONTRAST;
                    case 2 -> Change.SATURATION;
                    case 3 -> Change.HUE;
                    default ->
                        throw new BadInputException(Text.format("jitter_order has a %d, codes go from 0 to 3", code));
                })
                .toList();
        var f = view.numbers("factors_brightness_contrast_saturation_hue");
        return new JitterDraw(order, f.get(0), f.get(1), f.get(2), f.get(3));
    }
}
