package dev.lejepa.graphs.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Fault;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.ModelSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Setting;
import dev.lejepa.graphs.recipe.TrainSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackboneRulesTest {
    private static final Recipe DEFAULTS = Recipe.defaults();

    @Test
    void defaultsHaveNoFault() {
        assertEquals(List.of(), BackboneRules.faults(DEFAULTS));
    }

    @Test
    void cropThatNoPatchDividesNamesTheNearestSizes() {
        ViewsSpec views = DEFAULTS.views();
        Recipe bad = DEFAULTS.withViews(views.withCrops(
                new CropSpec(2, 225, new Interval(0.3, 1)), new CropSpec(6, 10, new Interval(0.05, 0.3))));
        assertEquals(
                List.of(
                        new Fault(
                                "views.global.size",
                                "is 225, must be a multiple of model.backbone.patch_size 14 (nearest: 224 and 238)"),
                        new Fault(
                                "views.local.size",
                                "is 10, must be a multiple of model.backbone.patch_size 14 (nearest: 14)")),
                BackboneRules.faults(bad));
    }

    @Test
    void sizeOfLocalCropsIsFreeWhereThereAreNone() {
        ViewsSpec views = DEFAULTS.views();
        Recipe none = DEFAULTS.withViews(views.withCrops(views.global(), new CropSpec(0, 97, new Interval(0.05, 0.3))));
        assertEquals(List.of(), BackboneRules.faults(none));
    }

    @ParameterizedTest
    @CsvSource({
        "resnet18, 32, true",
        "resnet18, 64, false",
        "resnet18, 3, false",
        "convnext_atto, 3, true",
        "vit_tiny_patch16_224, 64, true",
        "efficientnet_b0, 5, false",
        "regnetx_002, 1, true"
    })
    void microBatchesOfBatchNormShareTheBatchAndHaveTwoImages(String model, int count, boolean right) {
        var train = TrainSpec.defaults();
        var recipe = DEFAULTS.withModel(new ModelSpec(
                        BackboneSpec.named(model), DEFAULTS.model().projector()))
                .withViews(DEFAULTS.views()
                        .withCrops(
                                new CropSpec(2, 224, new Interval(0.3, 1)),
                                new CropSpec(0, 96, new Interval(0.05, 0.3))))
                .withTrain(train.withMemory(train.memory().withMicroBatches(count)));
        assertEquals(
                right ? List.of() : List.of("train.micro_batches"),
                BackboneRules.faults(recipe).stream().map(Fault::key).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resnet18",
                "convnext_atto",
                "convnextv2_atto",
                "efficientnet_b0",
                "mobilenetv3_small_050",
                "regnetx_002",
                "swin_tiny_patch4_window7_224",
                "vit_tiny_patch16_224"
            })
    void whatNormalizesBatchesHasRunningStatistics(String model) {
        var backbone = Registry.find(model).orElseThrow();
        var graph = new Graph("forward");
        var declared = new Declarations(graph);
        var images = graph.input("images", Type.f32(2, 3, backbone.imageHeight(), backbone.imageWidth()));
        backbone.forward(Scope.root(declared, Mode.EVALUATE), images);
        assertEquals(backbone.normalizesBatches(), !declared.buffers().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void dropPathRateOutsideItsRangeIsAFault(double rate) {
        BackboneSpec backbone = BackboneSpec.named("vit_small_patch16_224", rate, 512);
        Recipe bad = DEFAULTS.withModel(new ModelSpec(backbone, DEFAULTS.model().projector()));
        assertEquals(
                List.of("model.backbone.drop_path_rate"),
                BackboneRules.faults(bad).stream().map(Fault::key).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            num_heads     | 5       | is 5, must divide embed_dim 384
            img_size      | 225     | is 225, must be a multiple of model.backbone.patch_size 16 (nearest: 224 and 240)
            depth         | 0       | is 0, must be at least 1
            mlp_ratio     | -1      | is -1, must be greater than 0
            depth         | many    | is the text "many", must be a whole number
            global_pool   | cls     | is the text "cls", must be one of
            class_token   | 3       | is 3, must be true or false
            windowsize    | 7       | is no argument of vit_small_patch16_224, nearest: img_size (it takes img_size, patch_size,
            """)
    void faultyArgumentNamesKeyValueAndWhatWasExpected(String argument, String value, String problem) {
        var spec = value.matches("-?\\d+")
                ? BackboneSpec.named("vit_small_patch16_224").with(argument, Long.parseLong(value))
                : BackboneSpec.named("vit_small_patch16_224").with(argument, value);
        var faults = Registry.faults(spec);
        assertEquals(1, faults.size(), faults::toString);
        assertEquals("model.backbone." + argument, faults.getFirst().key());
        assertTrue(faults.getFirst().problem().startsWith(problem), faults::toString);
        assertThrows(BadInputException.class, () -> Registry.build(spec));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            convnext_atto | kernel_sizes       | 7,7,4,3 | is [7, 7, 4, 3], must be odd numbers
            resnet18      | down_kernel_size   | 2       | is 2, must be an odd number
            resnet18      | block_reduce_first | 65      | is 65, must be at most 64, the width of the narrowest block
            resnext50_32x4d | block_reduce_first | 129   | is 129, must be at most 128, the width of the narrowest block
            regnetx_002   | w0                 | 28      | is 28, must be a multiple of 8
            regnetx_002   | wm                 | 1       | is 1.0, must be greater than 1
            """)
    void argumentThatNoMapsFitNamesWhatWasExpected(String model, String argument, String value, String problem) {
        var numbers = Arrays.stream(value.split(",", -1))
                .map(n -> (Setting) new Setting.Whole(Long.parseLong(n)))
                .toList();
        var setting = numbers.size() == 1 ? numbers.getFirst() : new Setting.Listing(numbers);
        var faults = Registry.faults(BackboneSpec.named(model).with(argument, setting));
        assertEquals(List.of(new Fault("model.backbone." + argument, problem)), faults);
    }

    @ParameterizedTest
    @CsvSource({
        "vit_smal_patch16_224, vit_small_patch16_224",
        "swin_tny, swin_tiny_patch4_window7_224",
        "resnet81, resnet18",
        "dinov2, vit_small_patch14_dinov2"
    })
    void unknownNameNamesTheNearest(String given, String nearest) {
        var faults = Registry.faults(BackboneSpec.named(given));
        assertEquals("model.backbone.name", faults.getFirst().key());
        assertTrue(faults.getFirst().problem().contains("nearest name is '" + nearest + "'"), faults::toString);
    }
}
