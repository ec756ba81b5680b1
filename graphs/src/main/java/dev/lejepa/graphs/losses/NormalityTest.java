package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.recipe.Regularizer;

/// A test against the standard normal law.
public sealed interface NormalityTest permits UnivariateTest, MultivariateTest {
    /// Which of the catalog's tests it is; slices are those of their test.
    default Regularizer regularizer() {
        return switch (this) {
            case EppsPulley _ -> Regularizer.EPPS_PULLEY;
            case AndersonDarling _ -> Regularizer.ANDERSON_DARLING;
            case CramerVonMises _ -> Regularizer.CRAMER_VON_MISES;
            case Watson _ -> Regularizer.WATSON;
            case ShapiroWilk _ -> Regularizer.SHAPIRO_WILK;
            case ExtendedJarqueBera _ -> Regularizer.EXTENDED_JARQUE_BERA;
            case VcReg _ -> Regularizer.VCREG;
            case Entropy _ -> Regularizer.ENTROPY;
            case Nll _ -> Regularizer.NLL;
            case Moments _ -> Regularizer.MOMENTS;
            case Bhep _ -> Regularizer.BHEP;
            case BhepM _ -> Regularizer.BHEP_M;
            case Comb _ -> Regularizer.COMB;
            case HenzeZirkler _ -> Regularizer.HZ;
            case Hv _ -> Regularizer.HV;
            case SlicedTest sliced -> sliced.test().regularizer();
        };
    }

    /// Its name in recipes and commands.
    default String name() {
        return regularizer().word();
    }

    /// The samples that the statistic needs to be finite: one, unless the test says otherwise.
    default int leastSamples() {
        return 1;
    }
}
