package dev.lejepa.graphs.recipe;

/// What is wrong with one key of a recipe.
///
/// @param key path of the key, such as `views.local.size`
/// @param problem what was found and what was expected
public record Fault(String key, String problem) {
    @Override
    public String toString() {
        return key + ": " + problem;
    }
}
