/// Recipes as YAML. [dev.lejepa.tools.config.RecipeFile] reads one, with `--set` overrides on top, and tells every fault
/// at once, each with its line; [dev.lejepa.tools.config.RecipeWriter] writes a resolved recipe as YAML or JSON.
///
/// A file becomes a tree that remembers lines ([dev.lejepa.tools.config.YamlParser]); the recipe's records are then
/// filled from its sections ([dev.lejepa.tools.config.RecipeReader]), which also learns which keys there are.
@NullMarked
package dev.lejepa.tools.config;

import org.jspecify.annotations.NullMarked;
