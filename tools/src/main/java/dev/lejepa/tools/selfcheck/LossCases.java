package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.EppsPulley;
import dev.lejepa.graphs.losses.LeJepaLoss;
import dev.lejepa.graphs.losses.LeJepaLoss.Dialect;
import dev.lejepa.graphs.losses.SlicedTest;
import dev.lejepa.graphs.losses.UnivariateTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Families 01, 02 and 05: SIGReg and LeJEPA's loss on given projections and directions.
final class LossCases {
    private static final String PROJECTIONS = "proj";
    private static final String DIRECTIONS = "A_raw";

    private LossCases() {}

    /// SIGReg, its statistic and its gradient.
    static void sigreg(GoldenCase golden, Executor executor, Comparison results) {
        var test = test(golden.params(), "knots");
        var g = new CaseGraph(golden, "sigreg");
        var z = g.input(PROJECTIONS);
        var directions = g.input(DIRECTIONS);
        var statistic = sliced(test, directions).perSlice(z, directions);
        var loss = statistic.mean();
        g.output("stat_per_view_slice", statistic);
        g.output("loss", loss);
        g.output("dloss_dproj", Autodiff.gradients(loss, List.of(z)).getFirst());
        constant(g, "t", test, test::knot);
        constant(g, "phi", test, test::phi);
        constant(g, "weights_times_phi", test, test::weight);
        results.expectAll(g.run(executor));
    }

    private static SlicedTest sliced(UnivariateTest test, Value directions) {
        return new SlicedTest(test, Math.toIntExact(directions.dim(1)));
    }

    private static void constant(CaseGraph g, String name, EppsPulley test, IntToDoubleFunction ofKnot) {
        var data = new double[test.knots()];
        Arrays.setAll(data, ofKnot);
        g.output(name, g.graph().constant(Tensor.of(Shape.of(data.length), data)));
    }

    /// The sliced statistic of any number of samples, added up in one of three ways.
    static void sliced(GoldenCase golden, Executor executor, Comparison results) {
        var params = golden.params();
        var test = test(params, "n_points");
        var g = new CaseGraph(golden, "sliced");
        var x = g.input("x");
        var directions = g.input(DIRECTIONS);
        var rank = x.shape().rank();
        var samples = rank == 2 ? x.reshape(1, x.dim(0), x.dim(1)) : x;
        var clip = params.has("clip_value") ? OptionalDouble.of(params.number("clip_value")) : OptionalDouble.empty();
        var slices = Math.toIntExact(directions.dim(1));
        var statistic = new SlicedTest(test, slices, SlicedTest.Reduction.MEAN, clip).perSlice(samples, directions);
        var each = rank == 2 ? statistic.reshape(statistic.dim(1)) : statistic;
        var reduction = params.text("reduction", "none");
        var output = switch (reduction) {
            case "mean" -> each.mean();
            case "sum" -> each.sum(false, all(each));
            case "none" -> each;
            default ->
                throw new BadInputException(
                        Text.format("%s: reduction '%s' is none of mean, sum, none", golden, reduction));
        };
        g.output("output", output);
        var weighed =
                reduction.equals("none") ? output.mul(g.input("grad_weights")).sum(false, all(each)) : output;
        g.output("grad_x", Autodiff.gradients(weighed, List.of(x)).getFirst());
        results.expectAll(g.run(executor));
        // The reference counts its calls to seed its directions; here it was called once, with directions given.
        results.expectAll(Map.of("global_step_after_call", NdArray.scalar(1)));
    }

    static int[] all(Value v) {
        return IntStream.range(0, v.shape().rank()).toArray();
    }

    /// The whole loss in one of three dialects, and the gradients of its parts.
    static void lejepa(GoldenCase golden, Executor executor, Comparison results) {
        var params = golden.params();
        var g = new CaseGraph(golden, "lejepa");
        var z = g.input(PROJECTIONS);
        var dialect = dialect(golden, params.text("dialect", "minimal"));
        var globals = params.integer("G", Math.toIntExact(z.dim(0)));
        var directions = g.input(DIRECTIONS);
        var loss = new LeJepaLoss(dialect, globals, params.number("lamb"), sliced(test(params, "knots"), directions));
        var parts = loss.apply(z, Optional.of(directions));
        g.output("loss", parts.loss());
        g.output("sigreg_loss", parts.sigreg());
        g.output("inv_loss", parts.invariance());
        g.output("dloss_dproj", Autodiff.gradients(parts.loss(), List.of(z)).getFirst());
        g.output("dsigreg_dproj", Autodiff.gradients(parts.sigreg(), List.of(z)).getFirst());
        g.output(
                "dinv_dproj", Autodiff.gradients(parts.invariance(), List.of(z)).getFirst());
        results.expectAll(g.run(executor));
    }

    static Dialect dialect(GoldenCase golden, String name) {
        return switch (name) {
            case "paper" -> Dialect.PAPER;
            case "minimal" -> Dialect.MINIMAL;
            case "pooled" -> Dialect.POOLED;
            default ->
                throw new BadInputException(
                        Text.format("%s: dialect '%s' is none of paper, minimal, pooled", golden, name));
        };
    }

    /// The statistic with the case's knots, or the usual 17 up to 3.
    static EppsPulley test(Params params, String knots) {
        return new EppsPulley(params.integer(knots, 17), params.number("t_max", 3));
    }
}
