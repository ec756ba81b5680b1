/// Recipes as YAML. [dev.lejepa.tools.config.RecipeFile] reads one, with `--set` overrides on top, and tells every fault
/// at once, each with its line; [dev.lejepa.tools.config.RecipeWriter] writes a resolved recipe as YAML or JSON.
///
/// A file becomes a tree that remembers lines ([dev.lejepa.tools.config.YamlParser]); the recipe's records are then
/// filled from its sections ([dev.lejepa.tools.config.RecipeReader]), which also learns which keys there are. What an
/// override means is decided there too, by what its key holds ([dev.lejepa.tools.config.Conversions]): the value of a
/// text is the characters that were typed, and YAML is read only for lists and sections.
@NullMarked
package dev.lejepa.tools.config;

import org.jspecify.annotations.NullMarked;
