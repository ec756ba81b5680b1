package dev.lejepa.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Setting;
import dev.lejepa.graphs.recipe.SourceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OverridesTest {
    private static final int[] NASTY = " #:-?{}[],&*!|>'\"%@`\\\n\r\t\u0085\ufeffa=~<😀\udc80\udcff\ud83d"
            .codePoints()
            .toArray();

    private static Recipe set(String... assignments) {
        return RecipeFile.parse("r.yaml", "", List.of(assignments));
    }

    private static String refusal(String... assignments) {
        var thrown = assertThrows(BadInputException.class, () -> set(assignments));
        assertFalse(thrown.getMessage().contains("\n"), thrown.getMessage());
        return thrown.getMessage();
    }

    static Stream<String> texts() {
        var written = Stream.of(
                "/mnt/Disk #2/photos",
                "#tag",
                "%foo",
                "!photos",
                "&x",
                "@work/photos",
                "*dir",
                "[2024] trip",
                "/a: b/c",
                "- x",
                "-",
                "?",
                "photos:",
                ":x",
                "{a",
                "}",
                ",",
                "|",
                ">",
                "`a`",
                " leading",
                "trailing ",
                " ",
                "\t",
                "a\tb",
                "a\nb",
                "\n",
                "a\r\nb",
                "a=b",
                "=",
                "\"quoted\"",
                "'quoted'",
                "\"",
                "'",
                "a\\b",
                "\\",
                "\\n",
                "~",
                "Null",
                "NULL",
                "true",
                "no",
                "1",
                "1e-3",
                "0x10",
                "---",
                "...",
                "<<",
                "%YAML 1.2",
                "./null",
                "\u0000",
                "\u0007",
                "\u007f",
                "\u0085",
                "\u00a0",
                "\u2028",
                "\ufeff",
                "\ufffe",
                "\uffff",
                "\u200f",
                "фото/猫",
                "😀",
                "\udc80",
                "a\udcff\udc80b",
                "\ud83d",
                "\ude00\ud83d");
        var random = new Random(1);
        var drawn = Stream.generate(() -> random.ints(12, 0, NASTY.length)
                        .map(i -> NASTY[i])
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .limit(200);
        return Stream.concat(written, drawn);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("texts")
    void aTextIsTakenAsItIsTypedAndReadBackFromWhatIsWritten(String text) throws IOException {
        Recipe recipe = set("data.val=" + text);
        assertEquals(List.of(SourceSpec.of(text)), recipe.data().val());
        String yaml = RecipeWriter.yaml(recipe);
        assertEquals(recipe, RecipeFile.parse("recipe.yaml", yaml, List.of()), yaml);
        byte[] manifest =
                Escapes.halfPairs(RecipeWriter.json(recipe).toString()).getBytes(StandardCharsets.UTF_8);
        assertEquals(recipe, RecipeFile.parse("manifest.json", new ObjectMapper().readTree(manifest)));
    }

    @Test
    void nullIsNoneAndAnEmptyTextIsEmpty() {
        var file = "data: {val: images}\nmodel: {backbone: {global_pool: token}}";
        assertEquals(
                List.of(),
                RecipeFile.parse("r.yaml", file, List.of("data.val=null"))
                        .data()
                        .val());
        assertEquals(
                new Setting.Text(""),
                argument(RecipeFile.parse("r.yaml", file, List.of("model.backbone.global_pool=")), "global_pool"));
        assertEquals(
                "r.yaml: --set data.train=: is empty, must name images, or be null for none", refusal("data.train="));
    }

    private static Setting argument(Recipe recipe, String name) {
        return Objects.requireNonNull(recipe.model().backbone().arguments().get(name));
    }

    @Test
    void numbersFlagsAndWordsAreTypedPlainly() {
        Recipe recipe = set(
                "data.batch= 5 ",
                "seed=1_000",
                "optimizer.lr=1e-3",
                "model.backbone.qkv_bias=Off",
                "train.precision= bf16",
                "data.workers=auto",
                "train.steps=null",
                "loss.test.alpha= 0.1 ");
        assertEquals(5, recipe.data().batch());
        assertEquals(1000, recipe.seed());
        assertEquals(1e-3, recipe.optimizer().lr());
        assertEquals(new Setting.Flag(false), argument(recipe, "qkv_bias"));
        assertEquals("bf16", recipe.train().precision().word());
        assertEquals(OptionalInt.empty(), recipe.data().workers());
        assertEquals(OptionalInt.empty(), recipe.train().steps());
        assertEquals(Map.of("alpha", "0.1"), recipe.loss().test());
    }

    @Test
    void listsAndSectionsAreYaml() {
        Recipe recipe = set(
                "views.global={count: 3, size: 28}",
                "views.global.count=4",
                "views.local={count: 0}",
                "model.projector.hidden=[16]",
                "model.backbone.img_size=[28, 56]",
                "optimizer.decay_exclude=['a # b', \"c\"]");
        assertEquals(4, recipe.views().global().count());
        assertEquals(28, recipe.views().global().size());
        assertEquals(List.of(16), recipe.model().projector().hidden());
        assertEquals("[28, 56]", argument(recipe, "img_size").text());
        assertEquals(List.of("a # b", "c"), recipe.optimizer().decayExclude());
        assertEquals(Optional.empty(), set("probe=null").probe());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            data.batch=@x                       | r.yaml: --set data.batch=@x: is @x, must be a whole number
            data.batch="64"                     | r.yaml: --set data.batch="64": is "64", must be a whole number
            data.batch=                         | r.yaml: --set data.batch=: is empty, must be a whole number
            views.local=3                       | r.yaml: --set views.local=3: is 3, must be a section with keys of its own
            views.ratio=[1                      | --set views.ratio=[1: not YAML, while parsing a flow sequence
            views.ratio=@x                      | --set views.ratio=@x: not YAML, while scanning for the next token
            views.local={count: 1, count: 2}    | --set views.local={count: 1, count: 2}: count is given twice
            """)
    void faultsNameTheOptionAsItWasTyped(String assignment, String message) {
        assertTrue(refusal(assignment).startsWith(message), refusal(assignment));
    }

    @Test
    void anOptionOfSeveralLinesIsNamedOnOne() {
        assertEquals(
                "r.yaml: --set data.bach=a\\n\\u0007b: is unknown, nearest: data.batch",
                refusal("data.bach=a\n\u0007b"));
        assertTrue(refusal("a\nb").startsWith("--set a\\nb: must be KEY=VALUE"), "no value");
    }
}
