package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.nn.Feed;
import dev.lejepa.graphs.nn.StateNames;
import dev.lejepa.graphs.onnx.Attentions;
import dev.lejepa.graphs.onnx.LayerFormulas;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.passes.AttentionBias;
import dev.lejepa.graphs.passes.ColumnFusion;
import dev.lejepa.graphs.passes.CommonSubexpressions;
import dev.lejepa.graphs.passes.ConstantFolding;
import dev.lejepa.graphs.passes.DeadValues;
import dev.lejepa.graphs.passes.Expansion;
import dev.lejepa.graphs.passes.MapFusion;
import dev.lejepa.graphs.passes.MixedPrecision;
import dev.lejepa.graphs.passes.NarrowGradients;
import dev.lejepa.graphs.passes.ProductFusion;
import dev.lejepa.graphs.passes.Recomputation;
import dev.lejepa.graphs.passes.RowFusion;
import dev.lejepa.graphs.recipe.TrainSpec;
import java.util.Optional;
import java.util.stream.Collectors;

/// The passes between a graph as it is built and a graph that is lowered.
///
/// @param train what a recipe says of precision and memory
/// @param backbone whose layers may be computed again
record StepCompiler(TrainSpec train, Backbone backbone, Target target) {
    /// The layout of the step's maps.
    ImageLayout imageLayout() {
        return target.imageLayout(
                switch (train.precision()) {
                    case FP32 -> DType.FLOAT32;
                    case BF16 -> DType.BFLOAT16;
                });
    }

    /// A graph without what it need not compute; nothing is fused.
    static Graph simplify(Graph graph) {
        return DeadValues.remove(CommonSubexpressions.merge(ConstantFolding.fold(graph)));
    }

    static Graph fused(Graph graph, Target target) {
        return target.has(Target.Capability.FUSED_COLUMNS)
                ? DeadValues.remove(ColumnFusion.apply(graph, UnivariateTest.SCOPE))
                : target.has(Target.Capability.FUSED_ROWS)
                        ? ProductFusion.apply(
                                RowFusion.apply(AttentionBias.apply(
                                        Expansion.apply(graph, LayerFormulas::of), Attentions::onCuda)),
                                ProductFormula::onCuda)
                        : graph;
    }

    Graph fused(Graph graph) {
        return fused(graph, target);
    }

    /// All that comes before nodes are fused. Recomputation comes late: what it copies has its element types by then.
    Graph unfused(TrainGraph step) {
        return Recomputation.apply(
                inPrecision(step), RecomputedLayers.of(train.memory().recompute(), backbone));
    }

    /// The same of a whole step, whose gradients nobody reads but the optimizer.
    Graph withoutWidening(TrainGraph step) {
        var graph = unfused(step);
        if (!target.has(Target.Capability.FUSED_ROWS)) {
            return graph;
        }
        var gradients = step.declarations().parameters().stream()
                .map(p -> StateNames.gradient(p.name()))
                .collect(Collectors.toSet());
        return NarrowGradients.apply(graph, gradients::contains);
    }

    private Graph inPrecision(TrainGraph step) {
        var whole = simplify(step.graph());
        var graph = imageLayout() == ImageLayout.NHWC ? simplify(MapFusion.apply(whole)) : whole;
        return switch (train.precision()) {
            case FP32 -> graph;
            case BF16 -> {
                var said = step.declarations();
                var copies = said.parameters().stream()
                        .map(Parameter::name)
                        .collect(Collectors.toMap(p -> p, StateNames::copy));
                copies.values().forEach(copy -> said.says(copy, new Feed.State(copy)));
                yield simplify(MixedPrecision.apply(graph, p -> Optional.ofNullable(copies.get(p))));
            }
        };
    }
}
