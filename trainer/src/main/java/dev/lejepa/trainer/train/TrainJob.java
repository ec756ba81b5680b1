package dev.lejepa.trainer.train;

import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.trainer.data.Workers;

/// What to train and where to keep it.
///
/// @param name of the run, as people know it
/// @param recipe resolved and checked
/// @param recipeDigest SHA-256 of what it trains; goes into checkpoints and the encoder
/// @param workers threads that prepare batches
public record TrainJob(String name, Recipe recipe, String recipeDigest, RunFolder folder, Workers workers) {}
