package dev.lejepa.tools.run;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.trainer.ranks.Together;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.OptionalLong;

/// The memory that a run may take: of the host, or of the device that computes.
///
/// @param bytes empty: as much as it likes
/// @param source whose limit that is, as a sentence
/// @param onHost whether the host's memory is meant
public record MemoryBudget(OptionalLong bytes, String source, boolean onHost) {
    private static final double GIGABYTE = 1e9;

    /// What a recipe allows on the host.
    public static MemoryBudget of(Recipe recipe) {
        return ofRecipe(recipe, true);
    }

    /// What a recipe allows and a device has.
    public static MemoryBudget of(Recipe recipe, Engine engine) {
        var allowed = ofRecipe(recipe, engine.onHost());
        var free = engine.freeBytes();
        return free.isEmpty() || allowed.bytes.orElse(Long.MAX_VALUE) <= free.getAsLong()
                ? allowed
                : new MemoryBudget(
                        free,
                        Text.format("device '%s' has %s free", engine.device(), gigabytes(free.getAsLong())),
                        engine.onHost());
    }

    /// The smallest budget of all processes, for what all of them must decide alike. Each one calls with its own.
    public MemoryBudget least(Ranks ranks) throws IOException, InterruptedException {
        var own = bytes.orElse(Long.MAX_VALUE);
        var all = Together.gather(
                        ranks,
                        () -> ByteBuffer.allocate(Long.BYTES).putLong(own).array())
                .stream()
                .map(told -> ByteBuffer.wrap(told).getLong())
                .toList();
        var least = Collections.min(all);
        return least == own
                ? this
                : new MemoryBudget(
                        OptionalLong.of(least),
                        Text.format("rank %d may take %s", all.indexOf(least), gigabytes(least)),
                        onHost);
    }

    private static MemoryBudget ofRecipe(Recipe recipe, boolean onHost) {
        var limit = recipe.train().memory().gigabytes();
        return limit.isEmpty()
                ? new MemoryBudget(OptionalLong.empty(), "memory is not limited", onHost)
                : new MemoryBudget(
                        OptionalLong.of((long) (limit.getAsDouble() * GIGABYTE)),
                        "train.memory_gb is " + limit.getAsDouble(),
                        onHost);
    }

    /// What a step takes of the memory that is meant.
    long need(RunEstimate estimate) {
        return estimate.bytes(onHost);
    }

    boolean fits(RunEstimate estimate) {
        return need(estimate) <= bytes.orElse(Long.MAX_VALUE);
    }

    static String gigabytes(long bytes) {
        return Text.format("%.2f GB", bytes / GIGABYTE);
    }
}
