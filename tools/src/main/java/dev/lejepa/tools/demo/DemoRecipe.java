package dev.lejepa.tools.demo;

import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.tools.config.RecipeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The recipe that travels with the program: `recipes/demo.yaml` as it was when the program was built.
public final class DemoRecipe {
    private static final String RESOURCE = "/recipes/demo.yaml";

    private DemoRecipe() {}

    /// The recipe without folders of images, which each demonstration makes for itself.
    public static Recipe read() {
        try (var in = DemoRecipe.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without its " + RESOURCE);
            }
            return RecipeFile.parse("demo.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8), List.of());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE + " in the program's own files", e);
        }
    }
}
