package dev.lejepa.tools.cli;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.config.RecipeWriter;
import dev.lejepa.trainer.ranks.Together;
import dev.lejepa.trainer.train.RunEngine;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// What `train` trains and how it computes. A run that goes on says so itself, in its folder; of several processes the
/// first one alone needs to see that.
record SharedSettings(Recipe recipe, EngineOptions options) {
    /// Stands for no number of threads.
    private static final int OWN = 0;

    static SharedSettings of(Call call, RunFolder folder, Ranks ranks) throws IOException, InterruptedException {
        if (ranks.size() == 1) {
            return new SharedSettings(recipe(call, folder), options(call, threadsBefore(call, folder)));
        }
        var leads = ranks.rank() == 0;
        var told = ByteBuffer.wrap(Together.gather(ranks, () -> leads ? encode(call, folder) : new byte[0])
                .getFirst());
        var before = told.getInt();
        var text = StandardCharsets.UTF_8.decode(told).toString();
        var mine = Together.all(
                ranks, () -> ofRun(call) ? RecipeFile.parse("the run's recipe", text, List.of()) : call.recipe());
        return new SharedSettings(mine, options(call, before));
    }

    private static byte[] encode(Call call, RunFolder folder) throws IOException {
        var text = ofRun(call) ? RecipeWriter.yaml(recipe(call, folder)) : "";
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(threadsBefore(call, folder))
                .put(bytes)
                .array();
    }

    /// Whether the recipe is that of the run in its folder.
    private static boolean ofRun(Call call) {
        return call.has("resume") && call.path("config").isEmpty();
    }

    private static Recipe recipe(Call call, RunFolder folder) throws IOException {
        return ofRun(call) ? RecipeFile.read(folder.recipe(), call.texts("set")) : call.recipe();
    }

    private static int threadsBefore(Call call, RunFolder folder) throws IOException {
        var before = call.has("resume") && !call.has("threads") ? RunEngine.read(folder) : Optional.<RunEngine>empty();
        return before.map(RunEngine::threads).orElse(OWN);
    }

    /// A run goes on with the threads that it began with, unless others are asked for: sums depend on them.
    private static EngineOptions options(Call call, int threads) {
        var options = call.engineOptions();
        if (threads == OWN) {
            return options;
        }
        if (threads != options.threads()) {
            call.console()
                    .note(Text.format(
                            "computing with %d threads, as the run began; this machine would take %d. --threads changes them, and perhaps the last digits of sums",
                            threads, options.threads()));
        }
        return options.withThreads(threads);
    }
}
