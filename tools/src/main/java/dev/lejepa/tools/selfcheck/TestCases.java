package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.Form;
import dev.lejepa.graphs.losses.HenzeZirkler;
import dev.lejepa.graphs.losses.LogNormalCdf;
import dev.lejepa.graphs.losses.Nll;
import dev.lejepa.graphs.losses.SlicedTest;
import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.losses.TestParameters;
import dev.lejepa.graphs.losses.UnivariateTest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.DoubleStream;

/// Families 02, 03 and 04: every statistical test, in the form that the authors' code has.
final class TestCases {
    private static final String INPUT = "x_";

    /// What the cases call parameters, and what they are called here.
    private static final Map<String, String> PARAMETERS = Map.of(
            "n_points", "knots",
            "t_max", "t_max",
            "m", "m",
            "method", "method",
            "k_max", "k_max",
            "alpha", "alpha",
            "k", "k",
            "expectation_mode", "expectation",
            "covariance_mode", "covariance");

    private static final List<String> WIDTHS = List.of("beta", "gamma");

    private TestCases() {}

    /// The statistic of each column of several samples and the gradient of its sum.
    static void univariate(GoldenCase golden, Executor executor, Comparison results) {
        var test = test(golden);
        var g = new CaseGraph(golden, "univariate");
        for (var sample : samples(golden)) {
            var x = g.input(INPUT + sample);
            g.output("stat_" + sample, published(test, x));
            g.output("grad_" + sample, gradient(total(test, x), x));
            if (test instanceof Nll nll) {
                g.output("mean_over_samples_" + sample, nll.perColumn(x));
            }
        }
        if (test instanceof Nll nll && golden.has("cutoffs_low_high")) {
            var first =
                    golden.tensor(INPUT + samples(golden).getFirst()).shape().getFirst();
            g.output("cutoffs_low_high", cutOffs(g, nll.cutOffs(Math.toIntExact(first))));
        }
        var found = g.run(executor);
        results.expectAll(found);
        for (var sample : samples(golden)) {
            var each = DoubleStream.of(
                    Objects.requireNonNull(found.get("stat_" + sample)).data());
            results.expectAll(Map.of(
                    "n_nan_" + sample, NdArray.scalar(each.filter(Double::isNaN).count())));
        }
    }

    private static Value cutOffs(CaseGraph g, double[][] pairs) {
        var all = DoubleStream.concat(Arrays.stream(pairs[0]), Arrays.stream(pairs[1]))
                .toArray();
        return g.graph().constant(Tensor.of(Shape.of(2, pairs[0].length, 1), all));
    }

    /// The mean over random directions.
    static void sliced(GoldenCase golden, Executor executor, Comparison results) {
        var test = test(golden);
        var g = new CaseGraph(golden, "sliced");
        var x = g.input("x");
        var directions = g.input("A_raw");
        var samples = x.reshape(1, x.dim(0), x.dim(1));
        var slices = Math.toIntExact(directions.dim(1));
        var output = new SlicedTest(test, slices)
                .statistic(samples, Optional.of(directions))
                .mean();
        g.output("output", output);
        g.output("grad_x", gradient(output, x));
        g.output("unreduced", published(test, x.gemm(SlicedTest.normalize(directions), false, false)));
        results.expectAll(g.run(executor));
    }

    /// The logarithm of the normal distribution function as the reference has it, and what is exact.
    static void logNormalCdf(GoldenCase golden, Executor executor, Comparison results) {
        var g = new CaseGraph(golden, "log_normal_cdf");
        var x = g.input("x");
        var log = LogNormalCdf.of(x, Form.LEJEPA);
        g.output("log_norm_cdf", log);
        g.output("grad", gradient(log.sum(false, 0), x));
        var exact = x.logNdtr();
        g.output("norm_cdf", exact.exp());
        g.output("exact_log_Phi_for_information", exact);
        results.expectAll(g.run(executor));
    }

    /// The statistic of samples of vectors.
    static void multivariate(GoldenCase golden, Executor executor, Comparison results) {
        var name = name(golden);
        var test = TestCatalog.multivariate(name, parameters(golden));
        var g = new CaseGraph(golden, "multivariate");
        for (var sample : samples(golden)) {
            var x = g.input(INPUT + sample);
            var statistic = test.statistic(x.reshape(1, x.dim(0), x.dim(1)), Optional.empty())
                    .reshape(Shape.scalar());
            g.output("stat_" + sample, statistic);
            g.output("grad_" + sample, gradient(statistic, x));
            if (test instanceof HenzeZirkler) {
                var beta = HenzeZirkler.beta(x.dim(0), x.dim(1));
                results.expectAll(Map.of("beta", NdArray.scalar(beta)));
            }
        }
        results.expectAll(g.run(executor));
    }

    /// What the reference returns: one number for each column, of the order statistics one for each value.
    private static Value published(UnivariateTest test, Value samples) {
        return test instanceof Nll nll ? nll.perValue(samples) : test.statistic(samples);
    }

    private static Value total(UnivariateTest test, Value samples) {
        return test instanceof Nll nll
                ? nll.sum(samples).sum(false, 0)
                : test.statistic(samples).sum(false, 0);
    }

    private static Value gradient(Value loss, Value x) {
        return Autodiff.gradients(loss, List.of(x)).getFirst();
    }

    private static List<String> samples(GoldenCase golden) {
        return golden.tensors(GoldenTensor.Role.INPUT).stream()
                .map(GoldenTensor::name)
                .filter(n -> n.startsWith(INPUT))
                .map(n -> n.substring(INPUT.length()))
                .toList();
    }

    private static UnivariateTest test(GoldenCase golden) {
        return TestCatalog.univariate(name(golden), parameters(golden));
    }

    /// `AndersonDarling` is `anderson_darling`, `VCReg` is `vcreg`, and so on.
    private static String name(GoldenCase golden) {
        var given = golden.params().text("test");
        return given.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    private static TestParameters parameters(GoldenCase golden) {
        var given = golden.params();
        var all = new LinkedHashMap<String, String>();
        PARAMETERS.forEach((theirs, ours) -> {
            if (given.has(theirs)) {
                all.put(ours, given.raw(theirs).asText());
            }
        });
        WIDTHS.stream().filter(given::has).forEach(w -> all.put(w, given.raw(w).asText()));
        if (TestCatalog.hasForms(TestCatalog.find(name(golden)))) {
            all.put("compat", "lejepa");
        }
        return new TestParameters(golden.toString(), all);
    }
}
