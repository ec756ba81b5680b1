package dev.lejepa.trainer.report;

import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainListener;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;

/// The file `metrics.jsonl` of a run: one JSON object a line, each written at once, so that another program can follow
/// it and a killed process leaves whole lines.
public final class MetricsFile implements TrainListener, AutoCloseable {
    private final Path file;
    private final OutputStream out;
    private final InstantSource clock;

    private MetricsFile(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        try {
            this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + PathText.shown(file) + ": " + e.getMessage(), e);
        }
    }

    /// Begins the file of a new run; what was there is gone.
    public static MetricsFile create(Path file, InstantSource clock) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot replace " + PathText.shown(file) + ": " + e.getMessage(), e);
        }
        return new MetricsFile(file, clock);
    }

    /// Goes on with the file of a run that is resumed: lines after the checkpoint are cut first, so that each step
    /// stands once. A file that is missing is begun.
    ///
    /// @param step completed steps of the checkpoint
    public static MetricsFile resume(Path file, long step, InstantSource clock) {
        if (Files.exists(file)) {
            MetricsHistory.cutAfter(file, step);
        }
        return new MetricsFile(file, clock);
    }

    @Override
    public void on(TrainEvent event) {
        Optional<String> line = MetricsLine.of(event, clock.instant());
        if (line.isPresent()) {
            try {
                out.write((line.get() + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + PathText.shown(file) + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + PathText.shown(file) + ": " + e.getMessage(), e);
        }
    }
}
