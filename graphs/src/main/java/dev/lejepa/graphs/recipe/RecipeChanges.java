package dev.lejepa.graphs.recipe;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What differs between the recipe that a run was started with and the one it is resumed with.
///
/// @param all differences in the order of the recipe's keys
public record RecipeChanges(List<Change> all) {

    /// Keys that do not decide what the next step computes.
    private static final Set<String> FREE = Set.of(
            "data.train",
            "data.val",
            "data.workers",
            "train.steps",
            "train.checkpoint_every_epochs",
            "train.checkpoint_every_steps",
            "train.keep",
            "train.micro_batches",
            "train.recompute",
            "train.memory_gb");

    /// What a difference means for the run.
    public enum Effect {
        /// The same run, kept or stopped differently.
        NONE,
        /// More epochs: the rest of the learning-rate schedule changes.
        SCHEDULE,
        /// Another recipe.
        OTHER_RUN
    }

    /// One key with two values.
    public record Change(String key, String before, String after, Effect effect) {
        @Override
        public String toString() {
            return Text.format("%s was %s, is %s", key, before, after);
        }
    }

    public RecipeChanges {
        all = List.copyOf(all);
    }

    /// The differences from the run's own recipe to the given one.
    public static RecipeChanges between(Recipe run, Recipe given) {
        Map<String, Setting> before = RecipeSettings.of(run);
        Map<String, Setting> after = RecipeSettings.of(given);
        var keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        return new RecipeChanges(keys.stream()
                .filter(key -> !text(before, key).equals(text(after, key)))
                .map(key ->
                        new Change(key, text(before, key), text(after, key), effect(key, run.train(), given.train())))
                .toList());
    }

    private static String text(Map<String, Setting> settings, String key) {
        Setting setting = settings.get(key);
        return setting == null ? "not set" : setting.text();
    }

    private static Effect effect(String key, TrainSpec run, TrainSpec given) {
        if (key.equals("train.epochs") && given.epochs() > run.epochs()) {
            return Effect.SCHEDULE;
        }
        return isFree(key) ? Effect.NONE : Effect.OTHER_RUN;
    }

    /// Whether a run goes on as it did, whatever this key says.
    static boolean isFree(String key) {
        return FREE.contains(key);
    }

    /// Differences of one kind.
    public List<Change> with(Effect effect) {
        return all.stream().filter(change -> change.effect() == effect).toList();
    }

    /// Throws one [BadInputException] that names every difference that makes it another run.
    public void refuseOtherRun(String run) {
        List<Change> refused = with(Effect.OTHER_RUN);
        if (!refused.isEmpty()) {
            throw new BadInputException(run + ": this run was started with another recipe: "
                    + refused.stream().map(Change::toString).collect(Collectors.joining("; "))
                    + ". Resume with the run's own recipe, or start a new run");
        }
    }
}
