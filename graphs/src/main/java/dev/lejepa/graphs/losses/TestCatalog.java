package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Spelling;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Choice;
import dev.lejepa.graphs.recipe.Regularizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Every [Regularizer] as a test, with the parameters of each: what `loss.test` of a recipe and `--test` and `--param`
/// of commands may say.
public final class TestCatalog {
    /// Names of the tests of columns.
    public static final List<String> UNIVARIATE = names(false);

    /// Names of the tests of vectors, over all pairs of a sample.
    public static final List<String> PAIRWISE = names(true);

    private static final String COMPAT = "compat";
    private static final int SLICES = 1024;
    private static final int KNOTS = 17;

    private TestCatalog() {}

    private static List<String> names(boolean pairwise) {
        return Arrays.stream(Regularizer.values())
                .filter(test -> test.isPairwise() == pairwise)
                .map(Regularizer::word)
                .toList();
    }

    /// The name of every test.
    public static List<String> all() {
        return Choice.words(Regularizer.class);
    }

    /// Whether a test of this name reads all pairs of a sample's vectors, and no directions.
    public static boolean isPairwise(String name) {
        return PAIRWISE.contains(name);
    }

    /// Whether a test has a parameter `compat`: its [Form].
    public static boolean hasForms(Regularizer test) {
        var parameters = TestParameters.none();
        make(test, parameters);
        return parameters.isKnown(COMPAT);
    }

    /// The test of a name.
    ///
    /// @throws BadInputException if there is none
    public static Regularizer find(String name) {
        return find(name, all());
    }

    private static Regularizer find(String name, List<String> names) {
        return Choice.find(Regularizer.class, name)
                .filter(test -> names.contains(test.word()))
                .orElseThrow(() -> new BadInputException(Text.format(
                        "test '%s' is unknown; did you mean '%s'? There are %s",
                        name, Spelling.nearest(name, names).orElseThrow(), String.join(", ", names))));
    }

    /// A test of columns by its name.
    ///
    /// @throws BadInputException if there is none of this name, or a parameter is unknown or out of its range
    public static UnivariateTest univariate(String name, TestParameters parameters) {
        return univariate(find(name, UNIVARIATE), parameters);
    }

    /// A test of columns.
    ///
    /// @throws BadInputException if a parameter is unknown or out of its range
    /// @throws IllegalStateException if the test is one of vectors
    public static UnivariateTest univariate(Regularizer test, TestParameters parameters) {
        return checked(test, parameters, () -> switch (make(test, parameters)) {
            case UnivariateTest columns -> columns;
            case MultivariateTest _ -> throw new IllegalStateException(test.word());
        });
    }

    /// A test of vectors by its name.
    ///
    /// @throws BadInputException if there is none of this name, or a parameter is unknown or out of its range
    public static MultivariateTest multivariate(String name, TestParameters parameters) {
        return multivariate(find(name), parameters);
    }

    /// A test of vectors: a pairwise one, or the slices of one of columns.
    ///
    /// @throws BadInputException if a parameter is unknown or out of its range
    public static MultivariateTest multivariate(Regularizer test, TestParameters parameters) {
        return checked(test, parameters, () -> switch (make(test, parameters)) {
            case UnivariateTest columns -> sliced(columns, parameters);
            case MultivariateTest vectors -> vectors;
        });
    }

    private static SlicedTest sliced(UnivariateTest test, TestParameters p) {
        return new SlicedTest(
                test,
                p.integer("slices", SLICES),
                p.choice("reduction", SlicedTest.Reduction.MEAN),
                p.optionalReal("clip"));
    }

    private static NormalityTest make(Regularizer test, TestParameters p) {
        return switch (test) {
            case EPPS_PULLEY -> new EppsPulley(p.integer("knots", KNOTS), p.real("t_max", 3));
            case ANDERSON_DARLING -> new AndersonDarling(form(p));
            case CRAMER_VON_MISES -> new CramerVonMises(form(p));
            case WATSON -> new Watson(form(p));
            case SHAPIRO_WILK ->
                new ShapiroWilk(
                        p.choice("expectation", ShapiroWilk.Expectation.ELFVING),
                        p.choice("covariance", ShapiroWilk.Covariance.SHAPIRO_FRANCIA),
                        form(p));
            case EXTENDED_JARQUE_BERA -> new ExtendedJarqueBera(form(p));
            case VCREG -> new VcReg(form(p));
            case ENTROPY -> new Entropy(p.integer("m", 1), p.choice("method", Entropy.Method.CENTERED), form(p));
            case NLL -> new Nll(p.real("alpha", 0.5), p.optionalInteger("k"), form(p));
            case MOMENTS -> new Moments(p.integer("k_max", 4));
            case BHEP -> new Bhep(p.real("beta", 0.1), form(p));
            case BHEP_M -> new BhepM(p.real("beta", 10), form(p));
            case COMB -> new Comb(p.real("gamma", 4));
            case HZ -> new HenzeZirkler(form(p));
            case HV -> new Hv(p.real("gamma", 5));
        };
    }

    private static Form form(TestParameters p) {
        return p.choice(COMPAT, Form.STANDARD);
    }

    /// Turns what a test says of its parameters into what a person may read, and refuses parameters that it has not.
    private static <T> T checked(Regularizer test, TestParameters parameters, Supplier<T> make) {
        try {
            var made = make.get();
            parameters.requireKnown(test.word());
            return made;
        } catch (IllegalArgumentException e) {
            throw new BadInputException(Text.format("%s: %s", test.word(), e.getMessage()), e);
        }
    }
}
