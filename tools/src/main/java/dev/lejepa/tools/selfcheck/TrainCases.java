package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.losses.LeJepaLoss;
import dev.lejepa.graphs.losses.SlicedTest;
import dev.lejepa.graphs.models.Probe;
import dev.lejepa.graphs.models.Projector;
import dev.lejepa.graphs.models.VisionTransformer;
import dev.lejepa.graphs.nn.Pixels;
import dev.lejepa.graphs.nn.Views;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.StepModel;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.programs.ViewInput;
import dev.lejepa.trainer.schedule.WarmupCosine;
import java.util.List;
import java.util.Optional;

/// Family 12: whole steps, by the graphs that a bundle is made of.
final class TrainCases {
    private TrainCases() {}

    static void check(GoldenCase golden, Executor executor, Comparison results) {
        var views = golden.tensor("views").shape(); // [T, N, V, 3, H, W]
        var images = Math.toIntExact(views.get(1));
        var perImage = Math.toIntExact(views.get(2));
        var input = new ViewInput(
                new Views("global", 0, perImage),
                Math.toIntExact(views.get(4)),
                Math.toIntExact(views.get(5)),
                new Pixels.Normalized());
        var model = model(golden, perImage);
        var train = TrainGraph.build(model, images, List.of(input), executor.imageLayout());
        var evaluate = EvaluateGraph.evaluate(model, new Pixels.Normalized(), executor.imageLayout());
        new TrainRun(golden, executor, results, train, input).run(rates(golden.params()), evaluate.graph());
    }

    private static StepModel model(GoldenCase golden, int views) {
        var params = golden.params();
        VisionTransformer backbone = VisionCases.model(params.object("vit"));
        var width = backbone.embeddingWidth();
        var mlp = params.integers("mlp");
        var projector = new Projector(width, mlp.subList(0, mlp.size() - 1), mlp.getLast());
        var slices = Math.toIntExact(golden.tensor("A_raw").shape().getLast());
        var loss = new LeJepaLoss(
                LossCases.dialect(golden, params.text("dialect", "minimal")),
                params.integer("G", views),
                params.number("lamb"),
                new SlicedTest(LossCases.test(params, "knots"), slices));
        return new StepModel(backbone, projector, loss, Optional.of(new Probe(width, params.integer("C"))));
    }

    /// The learning rates of model and probe.
    static List<WarmupCosine> rates(Params params) {
        return List.of(rate(params, params.number("lr")), rate(params, params.number("probe_lr", 1e-3)));
    }

    private static WarmupCosine rate(Params params, double base) {
        return new WarmupCosine(
                base,
                params.integer("W"),
                params.integer("T"),
                params.number("start_factor", 0.01),
                params.number("eta") / base);
    }

    /// Learning rates `[steps, 2]`.
    static NdArray table(List<WarmupCosine> rates, int steps) {
        var table = new double[steps * rates.size()];
        for (var i = 0; i < table.length; i++) {
            table[i] = rates.get(i % rates.size()).at(i / rates.size());
        }
        return NdArray.of(Shape.of(steps, rates.size()), table);
    }
}
