package dev.lejepa.trainer.report;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
    private final FileChannel out;
    private final InstantSource clock;
    private final boolean epochTold;

    private MetricsFile(Path file, InstantSource clock, boolean epochTold) {
        this.file = file;
        this.clock = clock;
        this.epochTold = epochTold;
        try {
            this.out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + PathText.shown(file) + ": " + FileFaults.reason(e), e);
        }
    }

    /// Begins the file of a new run; what was there is gone.
    public static MetricsFile create(Path file, InstantSource clock) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot replace " + PathText.shown(file) + ": " + FileFaults.reason(e), e);
        }
        return new MetricsFile(file, clock, false);
    }

    /// Goes on with the file of a run that is resumed: lines after the checkpoint are cut first, so that each step
    /// stands once. A file that is missing is begun.
    ///
    /// @param step completed steps of the checkpoint
    public static MetricsFile resume(Path file, long step, InstantSource clock) {
        boolean epochTold =
                Files.exists(file) && MetricsHistory.cutAfter(file, step).contains("epoch");
        return new MetricsFile(file, clock, epochTold);
    }

    /// Whether the file that is gone on with has the end of the epoch that ended with the checkpoint's step. It lacks it
    /// where a process was killed while it evaluated.
    public boolean epochTold() {
        return epochTold;
    }

    @Override
    public void on(TrainEvent event) {
        Optional<String> line = MetricsLine.of(event, clock.instant());
        if (line.isPresent()) {
            try {
                AtomicFile.writeFully(out, ByteBuffer.wrap((line.get() + "\n").getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + PathText.shown(file) + ": " + FileFaults.reason(e), e);
            }
        }
    }

    @Override
    public void persist() throws IOException {
        out.force(false);
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + PathText.shown(file) + ": " + FileFaults.reason(e), e);
        }
    }
}
