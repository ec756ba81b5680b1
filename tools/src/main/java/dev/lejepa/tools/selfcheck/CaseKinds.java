package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.Text;

/// The table of kinds, one row each.
final class CaseKinds {
    private CaseKinds() {}

    /// How to check a case.
    static CaseKind of(GoldenCase golden) {
        return switch (golden.kind()) {
            case "sigreg_minimal" -> new CaseKind.Computed(LossCases::sigreg);
            case "slicing_eppspulley" -> new CaseKind.Computed(LossCases::sliced);
            case "slicing_other" -> new CaseKind.Computed(TestCases::sliced);
            case "univariate" -> new CaseKind.Computed(TestCases::univariate);
            case "univariate_util" -> new CaseKind.Computed(TestCases::logNormalCdf);
            case "multivariate" -> new CaseKind.Computed(TestCases::multivariate);
            case "lejepa_loss" -> new CaseKind.Computed(LossCases::lejepa);
            case "adamw_schedule" -> new CaseKind.Computed(OptimizerCases::adamw);
            case "lr_schedule" -> new CaseKind.Direct(OptimizerCases::schedule);
            case "projector" -> new CaseKind.Computed(ProjectorCases::check);
            case "vit" -> new CaseKind.Computed(VisionCases::vit);
            case "pos_embed_resample" -> new CaseKind.Computed(VisionCases::resampling);
            case "cnn" -> new CaseKind.Computed(ConvNetCases::check);
            case "model_shapes" -> new CaseKind.Direct(ModelFacts::shapes);
            case "init_facts" -> new CaseKind.Direct(InitialFacts::check);
            case "image_op" -> new CaseKind.Direct(ImageCases::operation);
            case "image_decode" -> new CaseKind.Direct(DecodeCases::check);
            case "rrc_params" -> new CaseKind.Direct(CropCases::check);
            case "probe" -> new CaseKind.Computed(ProbeCases::probe);
            case "view_order" -> new CaseKind.Computed(ProbeCases::viewOrder);
            case "train_steps" -> new CaseKind.Computed(TrainCases::check);
            default -> new CaseKind.NotBuilt(Text.format("kind '%s'", golden.kind()));
        };
    }
}
