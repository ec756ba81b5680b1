package dev.lejepa.graphs.recipe;

import java.util.List;

/// How the views of an image are made: crops of two kinds, then flip, color jitter, grayscale, blur, solarize and
/// normalization, the same for both kinds.
///
/// @param ratio aspect ratios of a crop, width over height
/// @param flip probability of a horizontal flip
/// @param grayscale probability of removing color
/// @param mean of red, green and blue, subtracted after scaling to [0, 1]
/// @param std of red, green and blue, divided by
/// @param on what makes them
public record ViewsSpec(
        CropSpec global,
        CropSpec local,
        Interval ratio,
        double flip,
        JitterSpec jitter,
        double grayscale,
        BlurSpec blur,
        SolarizeSpec solarize,
        List<Double> mean,
        List<Double> std,
        ViewsOn on) {

    public ViewsSpec {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
    }

    /// Views made by whatever suits.
    public ViewsSpec(
            CropSpec global,
            CropSpec local,
            Interval ratio,
            double flip,
            JitterSpec jitter,
            double grayscale,
            BlurSpec blur,
            SolarizeSpec solarize,
            List<Double> mean,
            List<Double> std) {
        this(global, local, ratio, flip, jitter, grayscale, blur, solarize, mean, std, ViewsOn.AUTO);
    }

    public static ViewsSpec defaults() {
        return new ViewsSpec(
                new CropSpec(2, 224, new Interval(0.3, 1.0)),
                new CropSpec(6, 98, new Interval(0.05, 0.3)),
                new Interval(0.75, 1.3333333333333333),
                0.5,
                JitterSpec.defaults(),
                0.2,
                BlurSpec.defaults(),
                SolarizeSpec.defaults(),
                List.of(0.485, 0.456, 0.406),
                List.of(0.229, 0.224, 0.225));
    }

    /// Views of one image, global and local.
    public int count() {
        return global.count() + local.count();
    }

    /// The groups in the order of their views: global ones, then local ones if there are any.
    public List<ViewGroupSpec> groups() {
        var globals = new ViewGroupSpec("global", 0, global);
        return local.count() == 0
                ? List.of(globals)
                : List.of(globals, new ViewGroupSpec("local", global.count(), local));
    }

    /// The same with other crops.
    public ViewsSpec withCrops(CropSpec global, CropSpec local) {
        return new ViewsSpec(global, local, ratio, flip, jitter, grayscale, blur, solarize, mean, std, on);
    }

    /// The same made by something else.
    public ViewsSpec withOn(ViewsOn on) {
        return new ViewsSpec(global, local, ratio, flip, jitter, grayscale, blur, solarize, mean, std, on);
    }

    /// Whether a device makes the views of a step.
    public boolean onDevice() {
        return on == ViewsOn.DEVICE;
    }

    /// Whether a graph can make them. It mirrors what a blur reads beyond the edges, as hosts do.
    public boolean asGraph() {
        int beyond = blur.p() > 0 ? blur.kernel() / 2 : 0;
        return groups().stream()
                .mapToInt(group -> group.crop().size())
                .allMatch(size -> size > beyond && size <= CropSpec.LARGEST_AS_GRAPH);
    }
}
