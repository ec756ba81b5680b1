package dev.lejepa.tools.rank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.losses.EppsPulley;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.LossFactory;
import dev.lejepa.graphs.programs.LossGraph;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.config.RecipeWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The held-out loss against the projections of the evaluation graph and the formulas in plain Java. Projections have
/// one column, along which all directions are the same up to their sign, so that the statistic is known without them;
/// it is computed from float32 rows.
class HeldOutGraphTest {
    private static final int IMAGES = 5;
    private static final int VIEWS = 2;

    private static final String RECIPE = """
            data: {batch: 5}
            views:
              global: {count: 2, size: 16}
              local: {count: 0}
            model:
              backbone:
                {name: vit_tiny_patch16_224, img_size: 16, patch_size: 8, depth: 1, embed_dim: 8, num_heads: 2, num_classes: 6}
              projector: {hidden: [7], out: 1}
            loss: {dialect: minimal, lambda: 0.2, slices: 3}
            """;

    @Test
    void lossIsThatOfTheEvaluationGraphsProjections() throws IOException {
        var recipe = RecipeFile.parse("test", RECIPE, List.of());
        var bundle = BundleBuilder.build(recipe, RecipeWriter.json(recipe), 0, Target.PORTABLE);
        var heldOut = bundle.graph(Bundle.HELD_OUT);
        var feeds = random(heldOut);
        var rows = Interpreter.evaluate(heldOut, feeds).get(EvaluateGraph.PROJECTIONS);
        var z = projections(bundle.graph(Bundle.EVALUATE), feeds);
        assertArrayEquals(z, rows.data(), 1e-12);

        var loss = LossGraph.build(LossFactory.loss(recipe), IMAGES, VIEWS, 1).graph();
        var inputs = random(loss);
        inputs.put(EvaluateGraph.PROJECTIONS, rows);
        var parts = Interpreter.evaluate(loss, inputs);
        var invariance = invariance(z);
        var sigreg = sigreg(z);
        assertEquals(invariance, parts.get(TrainGraph.INVARIANCE).item(), 1e-9);
        assertEquals(sigreg, parts.get(TrainGraph.SIGREG).item(), 1e-4);
        assertEquals(0.8 * invariance + 0.2 * sigreg, parts.get(TrainGraph.LOSS).item(), 1e-4);
    }

    /// Something for every input: levels for views, variances above zero, anything else of either sign.
    private static Map<String, NdArray> random(Graph graph) {
        var feeds = new HashMap<String, NdArray>();
        for (var input : graph.inputs().entrySet()) {
            var value = input.getValue();
            feeds.put(
                    input.getKey(),
                    random(
                            value.shape().bind(IMAGES),
                            value.type().dtype(),
                            input.getKey().endsWith("running_var") ? 0.1 : -1,
                            Key.of(3, input.getKey()).draws()));
        }
        return feeds;
    }

    private static NdArray random(Shape shape, DType dtype, double low, Draws draws) {
        var values = new double[Math.toIntExact(shape.size())];
        for (var i = 0; i < values.length; i++) {
            values[i] = dtype == DType.UINT8 ? draws.below(256) : draws.uniform(low, 1);
        }
        return NdArray.of(shape, values);
    }

    /// All views as images of their own: row `n*V+v`.
    private static double[] projections(Graph evaluate, Map<String, NdArray> feeds) {
        var inputs = new HashMap<>(feeds);
        var views = feeds.get("views.global");
        inputs.put(EvaluateGraph.IMAGES, NdArray.of(Shape.of(IMAGES * VIEWS, 3, 16, 16), views.data()));
        inputs.keySet().retainAll(evaluate.inputs().keySet());
        return Interpreter.evaluate(evaluate, inputs)
                .get(EvaluateGraph.PROJECTIONS)
                .data();
    }

    private static double invariance(double[] z) {
        var sum = 0.0;
        for (var n = 0; n < IMAGES; n++) {
            var half = (z[n * VIEWS] - z[n * VIEWS + 1]) / 2;
            sum += half * half;
        }
        return sum / IMAGES;
    }

    private static double sigreg(double[] z) {
        var sum = 0.0;
        for (var v = 0; v < VIEWS; v++) {
            sum += statistic(z, v);
        }
        return sum / VIEWS;
    }

    /// The Epps-Pulley statistic of one view's projections, by its definition.
    private static double statistic(double[] z, int view) {
        var test = new EppsPulley(17);
        var sum = 0.0;
        for (var j = 0; j < test.knots(); j++) {
            var cosine = 0.0;
            var sine = 0.0;
            for (var n = 0; n < IMAGES; n++) {
                cosine += Math.cos(test.knot(j) * z[n * VIEWS + view]) / IMAGES;
                sine += Math.sin(test.knot(j) * z[n * VIEWS + view]) / IMAGES;
            }
            sum += test.weight(j) * (Math.pow(cosine - test.phi(j), 2) + sine * sine);
        }
        return IMAGES * sum;
    }
}
