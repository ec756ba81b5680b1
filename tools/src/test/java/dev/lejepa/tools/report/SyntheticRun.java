package dev.lejepa.tools.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.trainer.train.RunFolder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// The folder of a run that never took place: a recipe and a file of metrics.
final class SyntheticRun implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Images of a step.
    static final int BATCH = 4;

    private final RunFolder folder;
    private final BufferedWriter metrics;

    /// @param recipe YAML, but for the batch
    SyntheticRun(Path folder, String recipe) throws IOException {
        Files.createDirectories(folder);
        this.folder = new RunFolder(folder);
        Files.writeString(this.folder.recipe(), "data: {train: gone, batch: " + BATCH + "}\n" + recipe);
        this.metrics = Files.newBufferedWriter(this.folder.metrics());
    }

    RunFolder folder() {
        return folder;
    }

    static ObjectNode event(String event, long step) {
        return JSON.createObjectNode().put("event", event).put("step", step);
    }

    SyntheticRun line(Object line) {
        try {
            metrics.write(line + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SyntheticRun start(long step, long steps) {
        return line(event("start", step)
                .put("time", "2026-01-02T03:04:05Z")
                .put("steps", steps)
                .put("steps_per_epoch", 10)
                .put("parameters", 1234)
                .put("device", "cpu")
                .put("threads", 2));
    }

    /// A step of a tenth of a second.
    static ObjectNode step(long step, double loss) {
        return event("step", step)
                .put("epoch", 1)
                .put("loss", loss)
                .put("invariance", 0.1)
                .put("sigreg", 2.0)
                .put("probe_loss", 2.3)
                .put("lr", 1e-3)
                .put("images_per_s", 10.0 * BATCH)
                .put("data_wait_ms", 1.0);
    }

    /// Steps whose losses fall from 2 to 1.
    SyntheticRun steps(long first, long last) {
        LongStream.rangeClosed(first, last).forEach(step -> line(step(step, 1 + 1.0 / step)));
        return this;
    }

    SyntheticRun epoch(long step, double top1) {
        return line(event("epoch", step).put("epoch", 1).put("val_top1", top1).put("val_probe_loss", 2.0));
    }

    SyntheticRun health(long step, String of, double rank, double... spectrum) {
        var line = event("health", step).put("of", of).put("rankme", rank).put("rank_max", 16);
        var places = line.putArray("spectrum_places");
        IntStream.rangeClosed(1, spectrum.length).forEach(places::add);
        var shares = line.putArray("spectrum");
        for (var share : spectrum) {
            shares.add(share);
        }
        return line(line);
    }

    SyntheticRun warning(long step, String message) {
        var line = event("warning", step).put("about", "collapse").put("message", message);
        line.putArray("files");
        return line(line);
    }

    SyntheticRun end(long step, String outcome) {
        return line(event("end", step)
                .put("time", "2026-01-02T03:05:05Z")
                .put("seconds", 60.0)
                .put("outcome", outcome));
    }

    /// Puts all lines into the file.
    void flush() throws IOException {
        metrics.flush();
    }

    /// Ends the file.
    @Override
    public void close() throws IOException {
        metrics.close();
    }
}
