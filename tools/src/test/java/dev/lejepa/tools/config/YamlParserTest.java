package dev.lejepa.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Setting;
import dev.lejepa.graphs.recipe.SourceSpec;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// YAML as people write it, and as it goes wrong.
class YamlParserTest {
    private static Recipe parse(String text) {
        return RecipeFile.parse("r.yaml", text, List.of());
    }

    private static String refusal(String text) {
        var thrown = assertThrows(BadInputException.class, () -> parse(text));
        assertFalse(thrown.getMessage().contains("\n"), thrown.getMessage());
        return thrown.getMessage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  local:\n    <<: *g\n    count: 1\n",
                "  local:\n    count: 1\n    <<: *g\n",
                "  local: {<<: *g, count: 1}\n",
                "  local: {<<: [*g], count: 1}\n",
                "  local: {<<: [{size: 28}, *g], count: 1}\n",
                "  local: {<<: [{count: 1}, *g, {size: 70}]}\n",
                "  local: {<<: {<<: *g, count: 1}}\n",
                "  local: &l\n    <<: *g\n    count: 1\n  blur: {p: 0.0, kernel: 5}\n",
            })
    void mergedKeysAreThoseOfTheSectionThatSaysNoneItself(String local) {
        var views = parse("views:\n  global: &g {count: 2, size: 28, scale: [0.3, 0.8]}\n" + local)
                .views();
        assertEquals(1, views.local().count());
        assertEquals(28, views.local().size());
        assertEquals(0.8, views.local().scale().high());
        assertEquals(2, views.global().count());
    }

    @Test
    void aChangeOfACopyLeavesWhatItWasCopiedFrom() {
        var text = "views:\n  global: &g {count: 2, size: 28}\n  local: *g\n";
        var views =
                RecipeFile.parse("r.yaml", text, List.of("views.local.count=5")).views();
        assertEquals(2, views.global().count());
        assertEquals(5, views.local().count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seed: 1000",
                "seed: 1_000",
                "seed: +1000",
                "seed: 1e3",
                "seed: 1E+3",
                "seed: !!int 1000",
                "seed:   1000  # all",
                "\ufeffseed: 1000",
                "seed: 1000\r\n",
                "---\nseed: 1000\n...\n",
                "%YAML 1.2\n---\nseed: 1000\n",
                "{seed: 1000}",
                "{\"seed\": 1000,\n}",
                "? seed\n: 1000",
                "data: {batch: &n 1000}\nseed: *n",
                "seed: 1000.0",
            })
    void aNumberIsReadHoweverItIsWritten(String text) {
        assertEquals(1000, parse(text).seed());
    }

    @ParameterizedTest
    @CsvSource({"true, true", "Yes, true", "ON, true", "false, false", "no, false", "Off, false"})
    void flagsAreReadInAllWordsOfYaml(String word, boolean expected) {
        assertEquals(
                new Setting.Flag(expected),
                parse("model: {backbone: {qkv_bias: " + word + "}}")
                        .model()
                        .backbone()
                        .arguments()
                        .get("qkv_bias"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "val: 'it''s #1: x'",
                "val: \"it's #1: \\x78\"",
                "val: >-\n    it's\n    #1: x",
                "val: |-\n    it's #1: x",
                "val: \"it's\n    #1: x\"",
                "train: &t \"it's #1: x\"\n  val: *t",
            })
    void textsAreReadInEveryKindOfQuotes(String entry) {
        assertEquals(
                List.of(SourceSpec.of("it's #1: x")),
                parse("data:\n  " + entry + "\n").data().val());
    }

    @Test
    void wordsThatLookLikeOtherTypesAreTexts() {
        assertEquals(
                List.of(SourceSpec.of("NO")), parse("data: {val: NO}").data().val());
        assertEquals(
                List.of(SourceSpec.of("2024-01-01")),
                parse("data: {val: 2024-01-01}").data().val());
        assertEquals(
                List.of(SourceSpec.of("null")),
                parse("data: {val: !!str null}").data().val());
        assertEquals(List.of(), parse("data: {val: ~}").data().val());
        assertEquals(Recipe.defaults(), parse("---\n"));
    }

    static Stream<Arguments> faults() {
        String laughs = IntStream.range(1, 12)
                .mapToObj(i -> "a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)))
                .collect(Collectors.joining("", "a0: &a0 [x]\n", ""));
        String chain = IntStream.range(1, 20_000)
                .mapToObj(i -> "a%d: &a%d [*a%d]\n".formatted(i, i, i - 1))
                .collect(Collectors.joining("", "a0: &a0 [x]\n", ""));
        return Stream.of(
                Arguments.of("data: &a\n  batch: 3\n  x: *a\n", "line 1: the anchor &a contains itself"),
                Arguments.of("seed: 1\ndata: &a {<<: *a}\n", "line 2: the anchor &a contains itself"),
                Arguments.of("seed: 1\nviews: {mean: &m [*m]}", "line 2: the anchor &m contains itself"),
                Arguments.of("data: *u", "line 1: not YAML, found undefined alias u"),
                Arguments.of(laughs, "line 1: aliases make more than 100000 values"),
                Arguments.of(chain, "line 1: lists and sections are nested more than 20 deep"),
                Arguments.of("seed: 1\na: " + "[".repeat(200_000), "line 2: lists and sections are nested"),
                Arguments.of("- ".repeat(5000), "line 1: lists and sections are nested"),
                Arguments.of("? ".repeat(5000), "line 1: lists and sections are nested"),
                Arguments.of(
                        "data:\n\tbatch: 3\n",
                        "line 2: not YAML, while scanning for the next token, found character '\\t"),
                Arguments.of(
                        "data:\n  val: @x\n",
                        "line 2: not YAML, while scanning for the next token, found character '@'"),
                Arguments.of("seed: 1\n---\nseed: 2\n", "line 2: not YAML, expected a single document"),
                Arguments.of("%YAML 2.0\n---\nseed: 3\n", "line 1: not YAML, found incompatible"),
                Arguments.of("seed: 1\ndata: {val: 'a\n", "line 3: not YAML, while scanning a quoted scalar"),
                Arguments.of("seed: 1\n# \u0007\n", "line 2: not YAML, holds the character \\u0007"),
                Arguments.of(
                        "seed: 1\ndata:\n  batch: 3\n  batch:\n    4\n",
                        "line 4: data.batch is given twice, before at line 3"),
                Arguments.of("views:\n  global: {}\n  local:\n    <<: 3\n", "line 4: views.local.<< merges 3, must"),
                Arguments.of("data: {<<: [{batch: 3}, x]}\n", "line 1: data.<< merges x, must"),
                Arguments.of("data:\n  val: !photos\n", "line 2: !photos is a tag that recipes do not have"),
                Arguments.of("data:\n  val: !!binary aGk=\n", "line 2: tag:yaml.org,2002:binary is a tag"),
                Arguments.of("seed: 1\n? [a]\n: 3\n", "line 2: a list or a section stands where a key"),
                Arguments.of(
                        "data.batch: 3", "line 1: data.batch is unknown with dots in it, write data: {batch: ...}"),
                Arguments.of("64: 3", "line 1: 64 is unknown, nearest: "),
                Arguments.of("~: 3", "line 1: ~ is unknown, nearest: "),
                Arguments.of("\"\": 3", "line 1: \"\" is unknown, nearest: "),
                Arguments.of("\"a\\nb\": 3", "line 1: a\\nb is unknown, nearest: "),
                Arguments.of("data: {batch: !!str 3}", "line 1: data.batch is the text \"3\", must be a whole number"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("faults")
    void everyFaultIsToldInOneLineWithItsPlace(String text, String message) {
        assertTrue(refusal(text).startsWith("r.yaml: " + message), refusal(text));
    }
}
