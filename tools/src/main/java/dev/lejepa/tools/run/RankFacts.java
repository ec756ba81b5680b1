package dev.lejepa.tools.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeChanges;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.config.RecipeWriter;
import dev.lejepa.trainer.data.ImageCensus;
import dev.lejepa.trainer.ranks.Fault;
import dev.lejepa.trainer.ranks.SharedFaultException;
import dev.lejepa.trainer.ranks.Together;
import dev.lejepa.trainer.train.RunData;
import dev.lejepa.trainer.train.RunVersions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the processes of a run must have alike before they train together.
///
/// @param recipe its text
/// @param versions of the programs that decide what a step computes
/// @param target that graphs are for
/// @param device the kind that computes them
/// @param microBatches of each process's share
record RankFacts(
        String recipe,
        RunData data,
        RunVersions versions,
        String target,
        String device,
        @JsonProperty("micro_batches") int microBatches) {
    /// Keys that may differ: where images lie on a machine, and what it has to compute with.
    private static final Set<String> OWN = Set.of("data.train", "data.val", "data.workers", "train.memory_gb");

    static RankFacts of(Recipe recipe, Surroundings surroundings, StepPlan plan, boolean onHost) {
        return new RankFacts(
                RecipeWriter.yaml(recipe),
                surroundings.data(),
                Objects.requireNonNull(surroundings.engine().versions(), "this process knows its versions"),
                plan.bundle().manifest().target(),
                onHost ? "host cores" : "a CUDA device",
                plan.parts().microBatches());
    }

    /// Compares those of all processes with those of the first one.
    ///
    /// @throws SharedFaultException in all processes if they differ; the message names key and rank
    static void requireAlike(Ranks ranks, RankFacts mine) throws IOException, InterruptedException {
        var all = Together.gather(ranks, () -> new JsonMapper().writeValueAsBytes(mine));
        for (var rank = 1; rank < all.size(); rank++) {
            if (!Arrays.equals(all.getFirst(), all.get(rank))) {
                var differences = differences(rank, read(all.getFirst()), read(all.get(rank)));
                if (!differences.isEmpty()) {
                    throw new SharedFaultException(new Fault(
                            true,
                            Text.format(
                                    "rank %d cannot train together with rank 0: %s",
                                    rank, String.join("; ", differences))));
                }
            }
        }
    }

    private static RankFacts read(byte[] json) {
        try {
            return new JsonMapper().readValue(json, RankFacts.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a process told something that this one does not understand", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> differences(int rank, RankFacts first, RankFacts other) {
        var found = new ArrayList<String>();
        RecipeChanges.between(recipe(first), recipe(other)).all().stream()
                .filter(change -> !OWN.contains(change.key()))
                .map(change -> difference(change.key(), rank, change.after(), change.before()))
                .forEach(found::add);
        census("data.train", rank, first.data.train(), other.data.train()).ifPresent(found::add);
        census("data.val", rank, first.data.val(), other.data.val()).ifPresent(found::add);
        unequal("version", rank, first.versions.program(), other.versions.program(), found);
        unequal("ONNX Runtime", rank, first.versions.onnxRuntime(), other.versions.onnxRuntime(), found);
        unequal("what decodes JPEG", rank, first.versions.jpeg(), other.versions.jpeg(), found);
        unequal("target", rank, first.target, other.target, found);
        unequal("what computes", rank, first.device, other.device, found);
        unequal("train.micro_batches", rank, first.microBatches, other.microBatches, found);
        return found;
    }

    private static Recipe recipe(RankFacts facts) {
        return RecipeFile.parse("the recipe of a rank", facts.recipe, List.of());
    }

    private static void unequal(
            String what, int rank, @Nullable Object first, @Nullable Object other, List<String> found) {
        if (!Objects.equals(first, other)) {
            found.add(difference(what, rank, String.valueOf(other), String.valueOf(first)));
        }
    }

    private static String difference(String what, int rank, String other, String first) {
        return Text.format("%s is %s on rank %d, %s on rank 0", what, other, rank, first);
    }

    private static Optional<String> census(
            String key, int rank, @Nullable ImageCensus first, @Nullable ImageCensus other) {
        if (Objects.equals(first, other)) {
            return Optional.empty();
        }
        var here = count(first);
        var there = count(other);
        if (!here.equals(there)) {
            return Optional.of(Text.format("%s holds %s on rank %d, %s on rank 0", key, there, rank, here));
        }
        return Optional.of(Text.format(
                "%s holds %s on both, but classes, names or sizes of files differ on rank %d", key, here, rank));
    }

    private static String count(@Nullable ImageCensus census) {
        return census == null
                ? "nothing"
                : Text.format(
                        "%d images in %d classes",
                        census.images(), census.classes().size());
    }
}
