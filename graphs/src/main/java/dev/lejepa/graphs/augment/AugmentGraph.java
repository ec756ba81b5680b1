package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.recipe.ViewsSpec;
import java.util.List;

/// The graph that makes views: crops and draws in, bytes `[N V, 3, size, size]` out, as a step reads them. It has the
/// steps that a recipe asks for: resize, flip, jitter, grayscale, blur, solarize.
public final class AugmentGraph {
    /// Solarized views begin here.
    private static final double NEVER = 256;

    private AugmentGraph() {}

    /// @param images `N`
    /// @param inputs one for each size of view
    /// @throws IllegalArgumentException if the blur's kernel is too large for the views
    public static Graph build(ViewsSpec spec, int images, List<CropInput> inputs) {
        var graph = new Graph("augment");
        for (var in : inputs) {
            var rows = (long) images * in.count();
            var crops = graph.input(in.crops(), new Type(DType.UINT8, Shape.of(rows, in.canvas(), in.canvas(), 3)));
            var draws = graph.input(in.draws(), Type.f32(Shape.of(rows, DrawColumn.values().length)));
            var views = graph.at(in.label(), "", () -> views(spec, in, crops, draws));
            graph.output(in.views(), views.cast(DType.UINT8));
        }
        return graph;
    }

    private static Value views(ViewsSpec spec, CropInput in, Value crops, Value draws) {
        var rgb = new Resampling(crops.graph(), in).resize(crops, draws);
        rgb = new JitterSteps(spec.jitter()).apply(rgb, draws);
        if (spec.grayscale() > 0) {
            rgb = Levels.is(DrawColumn.GRAYSCALE.of(draws), 1).where(Levels.luma(rgb), rgb);
        }
        if (spec.blur().p() > 0) {
            rgb = new GaussianProduct(crops.graph(), spec.blur().kernel(), in.size())
                    .apply(rgb, DrawColumn.SIGMA.of(draws));
        }
        if (spec.solarize().p() > 0) {
            rgb = solarized(rgb, DrawColumn.SOLARIZE.of(draws), spec.solarize().threshold());
        }
        return rgb;
    }

    private static Value solarized(Value rgb, Value chosen, int threshold) {
        var graph = rgb.graph();
        var from = Levels.is(chosen, 1).where(graph.scalar(threshold), graph.scalar(NEVER));
        return rgb.compare(Comparison.GREATER_OR_EQUAL, from).where(rgb.neg().add(Levels.BRIGHTEST), rgb);
    }
}
