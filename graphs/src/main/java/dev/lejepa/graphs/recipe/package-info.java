/// A recipe: everything that decides what a run computes. [dev.lejepa.graphs.recipe.Recipe] is a tree of records, one
/// per section, whose `defaults()` are the documented defaults; [dev.lejepa.graphs.recipe.RecipeRules] gathers every
/// fault of a recipe, [dev.lejepa.graphs.recipe.RecipeSettings] lists it as flat `section.key` settings for writers and
/// comparisons, and [dev.lejepa.graphs.recipe.RecipeChanges] says what differs when a run is resumed. No file format is
/// known here.
@NullMarked
package dev.lejepa.graphs.recipe;

import org.jspecify.annotations.NullMarked;
