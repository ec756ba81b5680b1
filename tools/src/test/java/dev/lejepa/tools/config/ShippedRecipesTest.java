package dev.lejepa.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Dialect;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedRecipesTest {
    private static final Path FOLDER = Path.of("..", "recipes");

    static Stream<Path> recipes() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList().stream();
        }
    }

    private static Recipe read(String name) throws IOException {
        return RecipeFile.read(FOLDER.resolve(name), List.of());
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void everyShippedRecipeHasNoFault(Path file) throws IOException {
        Recipe recipe = RecipeFile.read(file, List.of());
        assertEquals(recipe, RecipeFile.parse("written", RecipeWriter.yaml(recipe), List.of()));
    }

    @Test
    void minimalIsTheAuthorsRecipe() throws IOException {
        Recipe recipe = read("imagenette-minimal.yaml");
        assertEquals(new CropSpec(4, 128, new Interval(0.08, 1)), recipe.views().global());
        assertEquals(4, recipe.views().count());
        assertEquals(Dialect.MINIMAL, recipe.loss().dialect());
        assertEquals(0.02, recipe.loss().lambda());
        assertEquals(2e-3, recipe.optimizer().lr());
        assertEquals(0.5, recipe.optimizer().finalLr());
        assertEquals(256, recipe.data().batch());
        assertEquals(16, recipe.model().projector().out());
    }

    @Test
    void imagenetTakesEveryDefaultButItsModelAndProbe() throws IOException {
        Recipe recipe = read("imagenet1k-vit-l14.yaml");
        Recipe defaults = Recipe.defaults();
        assertEquals(
                defaults, recipe.withModel(defaults.model()).withProbe(defaults.probe()), "but for model and probe");
        assertEquals("vit_large_patch14_224", recipe.model().backbone().name());
    }

    @Test
    void demoIsPartOfTheProgram() throws IOException {
        try (var embedded = RecipeFile.class.getResourceAsStream("/recipes/demo.yaml")) {
            assertTrue(embedded != null, "recipes/demo.yaml is on the class path");
            assertEquals(
                    Files.readString(FOLDER.resolve("demo.yaml")),
                    new String(embedded.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
