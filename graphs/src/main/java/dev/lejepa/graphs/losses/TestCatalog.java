package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Spelling;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// All tests by name, with the parameters of each: what `loss.regularizer` of a recipe and `--test` of commands may say.
public final class TestCatalog {
    /// Tests of columns.
    public static final List<String> UNIVARIATE = List.of(
            "epps_pulley",
            "anderson_darling",
            "cramer_von_mises",
            "watson",
            "shapiro_wilk",
            "extended_jarque_bera",
            "vcreg",
            "entropy",
            "nll",
            "moments");

    /// Tests of vectors, over all pairs of a sample.
    public static final List<String> PAIRWISE = List.of("bhep", "bhep_m", "comb", "hz", "hv");

    private static final Set<String> WITHOUT_FORMS = Set.of("epps_pulley", "moments", "comb", "hv");

    private static final int SLICES = 1024;
    private static final int KNOTS = 17;

    private TestCatalog() {}

    /// Every test.
    public static List<String> all() {
        return Stream.concat(UNIVARIATE.stream(), PAIRWISE.stream()).toList();
    }

    /// Whether a test reads all pairs of a sample's vectors, and no directions.
    public static boolean isPairwise(String name) {
        return PAIRWISE.contains(name);
    }

    /// Whether a test has a parameter `compat`: its [Form].
    public static boolean hasForms(String name) {
        return !WITHOUT_FORMS.contains(name);
    }

    /// A test of columns.
    ///
    /// @throws BadInputException if there is none of this name, or a parameter is unknown or out of its range
    public static UnivariateTest univariate(String name, TestParameters parameters) {
        requireKnown(name, UNIVARIATE);
        var test = checked(name, () -> column(name, parameters));
        parameters.requireKnown(name);
        return test;
    }

    /// A test of vectors: a pairwise one, or the slices of one of columns.
    ///
    /// @throws BadInputException if there is none of this name, or a parameter is unknown or out of its range
    public static MultivariateTest multivariate(String name, TestParameters parameters) {
        requireKnown(name, all());
        var test = checked(name, () -> isPairwise(name) ? pairwise(name, parameters) : sliced(name, parameters));
        parameters.requireKnown(name);
        return test;
    }

    private static SlicedTest sliced(String name, TestParameters p) {
        return new SlicedTest(
                column(name, p),
                p.integer("slices", SLICES),
                p.choice("reduction", SlicedTest.Reduction.MEAN),
                p.optionalReal("clip"));
    }

    private static UnivariateTest column(String name, TestParameters p) {
        return switch (name) {
            case "epps_pulley" -> new EppsPulley(p.integer("knots", KNOTS), p.real("t_max", 3));
            case "anderson_darling" -> new AndersonDarling(form(p));
            case "cramer_von_mises" -> new CramerVonMises(form(p));
            case "watson" -> new Watson(form(p));
            case "shapiro_wilk" ->
                new ShapiroWilk(
                        p.choice("expectation", ShapiroWilk.Expectation.ELFVING),
                        p.choice("covariance", ShapiroWilk.Covariance.SHAPIRO_FRANCIA),
                        form(p));
            case "extended_jarque_bera" -> new ExtendedJarqueBera(form(p));
            case "vcreg" -> new VcReg(form(p));
            case "entropy" -> new Entropy(p.integer("m", 1), p.choice("method", Entropy.Method.CENTERED), form(p));
            case "nll" -> new Nll(p.real("alpha", 0.5), p.optionalInteger("k"), form(p));
            case "moments" -> new Moments(p.integer("k_max", 4));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static MultivariateTest pairwise(String name, TestParameters p) {
        return switch (name) {
            case "bhep" -> new Bhep(p.real("beta", 0.1), form(p));
            case "bhep_m" -> new BhepM(p.real("beta", 10), form(p));
            case "comb" -> new Comb(p.real("gamma", 4));
            case "hz" -> new HenzeZirkler(form(p));
            case "hv" -> new Hv(p.real("gamma", 5));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Form form(TestParameters p) {
        return p.choice("compat", Form.STANDARD);
    }

    /// Turns what a test says of its parameters into what a person may read.
    private static <T> T checked(String name, Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw new BadInputException("%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static void requireKnown(String name, List<String> names) {
        if (!names.contains(name)) {
            throw new BadInputException("test '%s' is unknown; did you mean '%s'? There are %s"
                    .formatted(name, Spelling.nearest(name, names).orElseThrow(), String.join(", ", names)));
        }
    }
}
