package dev.lejepa.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.recipe.Dialect;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeSettings;
import dev.lejepa.graphs.recipe.SourceSpec;
import dev.lejepa.graphs.recipe.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeFileTest {
    /// Every key with a value that is not its default.
    private static final String OTHER = """
            seed: -7
            data: {train: "a b/c", val: "null", batch: 32, workers: 3, max_broken: 0.5, max_pixels: 1000000, jpeg: exact}
            views:
              global: {count: 4, size: 32, scale: [0.2, 0.9]}
              local: {count: 1, size: 16, scale: [0.1, 0.2]}
              ratio: [0.5, 2]
              flip: 0.25
              jitter: {p: 0.7, brightness: 0.1, contrast: 0.2, saturation: 0.3, hue: 0.4}
              grayscale: 0.3
              blur: {p: 0.0, kernel: 7, sigma: [0.2, 3]}
              solarize: {p: 0.1, threshold: 100}
              mean: [0.1, 0.2, 0.3]
              std: [1, 2, 3]
              on: device
            model:
              backbone:
                name: vit_tiny_patch16_224
                img_size: [32, 64]
                patch_size: 4
                depth: 6
                embed_dim: 96
                num_heads: 3
                mlp_ratio: 2.5
                qkv_bias: false
                class_token: true
                global_pool: ""
                dynamic_img_size: true
                drop_path_rate: 0.2
                num_classes: 0
              projector: {hidden: [], out: 16}
            loss: {dialect: pooled, regularizer: epps_pulley, lambda: 2, slices: 8, knots: 5, t_max: 5}
            optimizer:
              lr: 1e-3
              weight_decay: 0
              decay_exclude: [bias, "norm.*"]
              betas: [0.8, 0.95]
              eps: 1E-6
              warmup_epochs: 0.5
              warmup_start: 0.1
              final_lr: 0.5
            probe: {classes: 10, lr: 2e-3, weight_decay: 1e-6, final_lr: 0.1}
            train:
              {epochs: 7, steps: 11, precision: fp32, target: portable, checkpoint_every_epochs: null,
               checkpoint_every_steps: 5, keep: 1, micro_batches: auto, recompute: block, memory_gb: 3.5}
            """;

    @TempDir
    private Path folder;

    private static Recipe parse(String text, String... assignments) {
        return RecipeFile.parse("r.yaml", text, List.of(assignments));
    }

    private static String refusal(String text, String... assignments) {
        var thrown = assertThrows(BadInputException.class, () -> parse(text, assignments));
        assertFalse(thrown.getMessage().contains("\n"), thrown.getMessage());
        return thrown.getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "data:\nviews:\n", "{}", "views: {local: null}"})
    void emptyRecipeIsTheDefaults(String text) {
        assertEquals(Recipe.defaults(), parse(text));
    }

    static Stream<Recipe> recipes() {
        return Stream.of(
                Recipe.defaults(),
                parse(OTHER),
                parse("probe: null"),
                parse("views: {local: {count: 0}}\nmodel: {backbone: {patch_size: null, img_size: null}}"));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void writtenRecipeReadsBackAsItself(Recipe recipe) {
        String text = RecipeWriter.yaml(recipe);
        assertEquals(recipe, parse(text), text);
        assertEquals(recipe, parse(RecipeWriter.json(recipe).toString()), "JSON is YAML");
    }

    @Test
    void noKeyOfTheRecipeIsLostInReading() {
        var other = RecipeSettings.of(parse(OTHER));
        RecipeSettings.of(Recipe.defaults()).forEach((key, value) -> {
            // The others do not go with the rest.
            if (!List.of("data.jpeg", "loss.regularizer", "train.precision", "train.sync_bn")
                    .contains(key)) {
                assertNotEquals(value, other.get(key), key);
            }
        });
        assertTrue(parse("train: {sync_bn: true}").train().syncBn());
        assertEquals(List.of(SourceSpec.of("null")), parse(OTHER).data().val());
        assertEquals(
                "[32, 64]",
                parse(OTHER).model().backbone().arguments().get("img_size").text());
    }

    @ParameterizedTest
    @CsvSource({"1e-3, 0.001", "1E-3, 0.001", "5e-4, 0.0005", "1, 1", ".5, 0.5", "+2., 2", "1.5e+2, 150", "0.001, 0.001"
    })
    void numbersAreReadAsPeopleWriteThem(String written, double expected) {
        assertEquals(
                expected, parse("optimizer: {lr: " + written + "}").optimizer().lr());
    }

    @ParameterizedTest
    @CsvSource({"64, 64", "64.0, 64", "1e2, 100"})
    void wholeNumbersMayBeWrittenAsReals(String written, int expected) {
        assertEquals(expected, parse("data: {batch: " + written + "}").data().batch());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"64\"", "64.5", "many", "true", "null", "[64]", "{a: 1}", "0x40", "1e999", "3000000000"})
    void illTypedNumberNamesLineKeyAndWhatIsExpected(String written) {
        String message = refusal("seed: 1\ndata:\n  batch: " + written + "\n");
        assertTrue(message.startsWith("r.yaml: line 3: data.batch is "), message);
        assertTrue(message.endsWith(", must be a whole number"), message);
    }

    @Test
    void aLimitOfPixelsLetsSomeThrough() {
        assertEquals(1, parse("data: {max_pixels: 1}").data().maxPixels());
        String message = refusal("data: {max_pixels: 0}");
        assertTrue(message.endsWith("data.max_pixels is 0, must be at least 1"), message);
    }

    @Test
    void exponentsBeyondCountingAreZeroOrNoNumber() {
        assertEquals(
                0,
                parse("optimizer: {weight_decay: 1.0e-2147483648}").optimizer().weightDecay());
        assertEquals(
                0,
                parse("optimizer: {weight_decay: 2e-9223372036854775807}")
                        .optimizer()
                        .weightDecay());
        assertTrue(refusal("data: {batch: 1e-2147483648}").endsWith("must be a whole number"));
    }

    @Test
    void namesThatYamlWouldTakeForSomethingElseAreWrittenInQuotes() {
        var recipe = parse("loss: {test: {'#knots': 9, 'a: b': 1}}");
        assertEquals(recipe, parse(RecipeWriter.yaml(recipe)));
    }

    @Test
    void allFaultsAreToldAtOnceInTheOrderOfLines() {
        String message = refusal("""
                sede: 3
                data:
                  bach: 8
                  workers: some
                loss: {lambda: 7, dialect: papr}
                views:
                  global: {count: 2, size: 225}
                lamda: 0.1
                """);
        assertEquals(
                "r.yaml: 7 faults: "
                        + "line 1: sede is unknown, nearest: seed; "
                        + "line 3: data.bach is unknown, nearest: data.batch; "
                        + "line 4: data.workers is some, must be a whole number or auto; "
                        + "line 5: loss.dialect is papr, must be one of paper, minimal, pooled; "
                        + "line 5: loss.lambda is 7, must lie between 0 and 1; "
                        + "line 7: views.global.size is 225, must be a multiple of model.backbone.patch_size 14"
                        + " (nearest: 224 and 238); "
                        + "line 8: lamda is unknown, nearest: loss.lambda",
                message);
    }

    @Test
    void keyGivenTwiceIsRefused() {
        assertEquals("r.yaml: line 2: seed is given twice, before at line 1", refusal("seed: 1\nseed: 2\n"));
    }

    @Test
    void brokenYamlNamesTheLine() {
        String message = refusal("seed: 1\ndata: {batch: 3\n");
        assertTrue(message.startsWith("r.yaml: line 3: not YAML, "), message);
    }

    @Test
    void somethingElseThanSectionsIsRefused() {
        assertTrue(refusal("[1, 2]").startsWith("r.yaml: holds a list of 2 where the sections"), "a list");
        assertTrue(refusal("views: 3").startsWith("r.yaml: line 1: views is 3, must be a section"), "a number");
    }

    @Test
    void assignmentsGoOverTheFileInOrder() {
        Recipe recipe = parse(
                "probe: null\nloss: {lambda: 0.1}",
                "loss.lambda=0.2",
                "loss.lambda=0.3",
                "loss.dialect=minimal",
                "probe.lr=1e-2",
                "views.global.scale=[0.2, 1]",
                "train.target=portable",
                "train.steps=5",
                "data.train=some where");
        assertEquals(0.3, recipe.loss().lambda());
        assertEquals(Dialect.MINIMAL, recipe.loss().dialect());
        assertEquals(0.01, recipe.probe().orElseThrow().lr());
        assertEquals(0.2, recipe.views().global().scale().low());
        assertEquals(Target.PORTABLE, recipe.train().target());
        assertEquals(OptionalInt.of(5), recipe.train().steps());
        assertEquals(List.of(SourceSpec.of("some where")), recipe.data().train());
        assertEquals(Optional.empty(), parse("", "probe=null").probe());
    }

    @Test
    void badAssignmentsAreToldAtOnce() {
        assertEquals(
                "r.yaml: 2 faults: "
                        + "--set data.batch=many: is many, must be a whole number; "
                        + "--set los.lambda=1: los is unknown, nearest: loss",
                refusal("", "data.batch=many", "los.lambda=1"));
        assertTrue(refusal("", "data.batch").startsWith("--set data.batch: must be KEY=VALUE"), "no value");
    }

    @Test
    void patchIsThatOfTheNamedModelWhereTheDefaultDoesNotFitTheCrops() {
        String views = "views: {global: {size: 128}, local: {count: 0}}\n";
        String named = "model: {backbone: {name: vit_small_patch8_224, img_size: 128}}";
        assertEquals("8", patch(parse(views + named)));
        assertEquals("14", patch(parse("model: {backbone: {name: vit_tiny_patch16_224}}")));
        assertTrue(refusal(views).contains("patch_size 14"), "no model is named");
    }

    private static String patch(Recipe recipe) {
        return recipe.model().backbone().arguments().get("patch_size").text();
    }

    @Test
    void colorsGivenInLevelsAreRefusedWithWhatIsMeant() {
        assertEquals(
                "r.yaml: 2 faults: "
                        + "line 1: views.mean is [123.675, 116.28, 103.53], must be in the scale of colors from 0 to 1;"
                        + " these look like levels from 0 to 255, so divide by 255: [0.485, 0.456, 0.406]; "
                        + "line 1: views.std is [58.395, 57.12, 57.375], must be in the scale of colors from 0 to 1;"
                        + " these look like levels from 0 to 255, so divide by 255: [0.229, 0.224, 0.225]",
                refusal("views: {mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375]}"));
        assertEquals(
                "r.yaml: line 1: views.mean is [-0.1, 2, 0], must be in the scale of colors from 0 to 1",
                refusal("views: {mean: [-0.1, 2, 0]}"));
        assertEquals("r.yaml: line 1: views.std is 0, must be greater than 0", refusal("views: {std: [0, 1, 1]}"));
        assertEquals(
                List.of(0.0, 1.0, 0.5),
                parse("views: {mean: [0, 1, 0.5], std: [1, 1, 1]}").views().mean());
    }

    @Test
    void hashDependsOnWhatARecipeSaysNotOnHowItIsWritten() {
        String hash = RecipeSettings.sha256(parse("optimizer: {lr: 5e-4}"));
        assertEquals(64, hash.length());
        assertEquals(hash, RecipeSettings.sha256(Recipe.defaults()));
        assertNotEquals(hash, RecipeSettings.sha256(parse("seed: 1")));
    }

    @Test
    void missingFileFolderAndOtherBytesAreRefusedByName() throws IOException {
        Path missing = folder.resolve("none.yaml");
        Path bytes = folder.resolve("bytes.yaml");
        Files.write(bytes, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        for (Path path : List.of(missing, folder, bytes)) {
            var thrown = assertThrows(BadInputException.class, () -> RecipeFile.read(path, List.of()));
            assertTrue(thrown.getMessage().startsWith(path + ": "), thrown.getMessage());
        }
    }

    @Test
    void imagesComeFromOneSourceOrFromSeveralWithWeights() {
        var two = List.of(new SourceSpec("a b", OptionalDouble.of(2.5)), SourceSpec.of("c/*.parquet"));
        var written = parse("data: {train: [{path: a b, weight: 2.5}, \"c/*.parquet\"], val: [d]}");
        assertEquals(two, written.data().train());
        assertEquals(List.of(SourceSpec.of("d")), written.data().val());
        assertEquals(
                two,
                parse("", "data.train=[{path: a b, weight: 2.5}, 'c/*.parquet']")
                        .data()
                        .train());
        assertEquals(written, parse(RecipeWriter.yaml(written)));
        assertTrue(RecipeWriter.yaml(written).contains("val: d\n"), RecipeWriter.yaml(written));
        assertEquals(
                "{a,b}.tar",
                parse("", "data.train={a,b}.tar").data().train().getFirst().path());
    }

    @Test
    void sourcesThatCannotBeAreNamed() {
        var message = refusal("data: {train: [{path: a, wieght: 2}, {weight: 1}, [b]], val: [{path: c, weight: 1}]}");
        for (var part : List.of(
                "data.train[0].wieght is unknown, nearest: data.train[0].weight",
                "data.train[1] is a section, must be given a path",
                "data.train[2] is a list of 1, must be a path or {path: ..., weight: ...}")) {
            assertTrue(message.contains(part), message);
        }
        assertTrue(refusal("data: {val: [{path: c, weight: 1}]}").contains("data.val: has weights")
                || refusal("data: {val: [{path: c, weight: 1}]}").contains("data.val has weights"));
        assertTrue(refusal("data: {train: [{path: c, weight: 0}, d]}")
                .contains("gives c the weight 0.0, must be above 0"));
        assertTrue(refusal("data: {train: {path: c}}").contains("a path, or a list of paths"));
    }
}
