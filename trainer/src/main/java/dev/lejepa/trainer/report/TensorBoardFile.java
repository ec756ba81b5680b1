package dev.lejepa.trainer.report;

import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainListener;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An event file in a run's `tensorboard/` folder. A resumed run begins another file there, which
/// voids what earlier ones hold after the checkpoint. TensorBoard reads the files in the order of their names, which
/// begin with the time.
public final class TensorBoardFile implements TrainListener, AutoCloseable {
    /// Where a PNG file tells its width and height (the IHDR chunk, big-endian).
    private static final int PNG_SIZE_OFFSET = 16;

    private static final int PNG_HEADER = 24;

    /// Of a spectrum: smaller ones are rounding errors.
    private static final double SMALLEST_SHARE = 1e-16;

    private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\.lejepa\\.\\d+");

    private final Path file;
    private final OutputStream out;
    private final InstantSource clock;

    private TensorBoardFile(Path folder, InstantSource clock) {
        this.clock = clock;
        try {
            Files.createDirectories(folder);
            this.file = newFile(folder, clock.instant().getEpochSecond());
            this.out = Files.newOutputStream(file, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write to " + PathText.shown(folder) + ": " + FileFaults.reason(e), e);
        }
        write(TensorBoardEvents.version(now()));
    }

    /// Begins the events of a new run.
    public static TensorBoardFile create(Path folder, InstantSource clock) {
        return new TensorBoardFile(folder, clock);
    }

    /// Goes on with the events of a run.
    ///
    /// @param step completed steps of the checkpoint
    public static TensorBoardFile resume(Path folder, long step, InstantSource clock) {
        TensorBoardFile file = new TensorBoardFile(folder, clock);
        file.write(TensorBoardEvents.restart(file.now(), step + 1));
        return file;
    }

    @Override
    public void on(TrainEvent event) {
        switch (event) {
            case TrainEvent.StepDone step -> scalars(step.step(), values(step));
            case TrainEvent.EpochDone epoch -> scalars(epoch.step(), values(epoch));
            case TrainEvent.Measured measured -> health(measured);
            case TrainEvent.PictureSaved picture -> image(picture);
            case TrainEvent.Started _, TrainEvent.Warned _, TrainEvent.CheckpointSaved _, TrainEvent.Ended _ -> {}
        }
    }

    private static SequencedMap<String, Double> values(TrainEvent.StepDone step) {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", step.loss());
        values.put("train/invariance", step.invariance());
        values.put("train/sigreg", step.sigreg());
        put(values, "train/probe_loss", step.probeLoss());
        values.put("train/lr", step.learningRate());
        values.put("speed/images_per_s", step.imagesPerSecond());
        values.put("speed/data_wait_ms", step.dataWaitMillis());
        return values;
    }

    private static SequencedMap<String, Double> values(TrainEvent.EpochDone epoch) {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        put(values, "val/top1", epoch.valTop1());
        put(values, "val/probe_loss", epoch.valProbeLoss());
        return values;
    }

    /// The numbers as curves, the spectrum as a histogram of the logarithms of its shares.
    private void health(TrainEvent.Measured measured) {
        String folder = "health/" + measured.of() + "/";
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        measured.health().numbers().forEach((name, number) -> values.put(folder + name, number.doubleValue()));
        scalars(measured.step(), values);
        double sum = Arrays.stream(measured.health().covariance()).sum();
        if (sum > 0) {
            double[] shares = Arrays.stream(measured.health().covariance())
                    .map(value -> Math.log10(Math.max(value / sum, SMALLEST_SHARE)))
                    .toArray();
            write(TensorBoardEvents.histogram(now(), measured.step(), folder + "spectrum_log10", shares));
        }
    }

    private static void put(SequencedMap<String, Double> values, String tag, OptionalDouble value) {
        value.ifPresent(v -> values.put(tag, v));
    }

    private void scalars(long step, SequencedMap<String, Double> values) {
        if (!values.isEmpty()) {
            write(TensorBoardEvents.scalars(now(), step, values));
        }
    }

    private void image(TrainEvent.PictureSaved picture) {
        try {
            byte[] png = Files.readAllBytes(picture.png());
            if (png.length < PNG_HEADER) {
                throw new IOException("too short for a PNG file");
            }
            ByteBuffer header = ByteBuffer.wrap(png);
            int width = header.getInt(PNG_SIZE_OFFSET);
            int height = header.getInt(PNG_SIZE_OFFSET + Integer.BYTES);
            write(TensorBoardEvents.image(now(), picture.step(), picture.name(), width, height, png));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read " + PathText.shown(picture.png()) + ": " + FileFaults.reason(e), e);
        }
    }

    private double now() {
        Instant now = clock.instant();
        return now.getEpochSecond() + now.getNano() * 1e-9;
    }

    /// A file that no other process has, behind all others in order, even where the clock was set back since.
    private static Path newFile(Path folder, long now) throws IOException {
        long second = Math.max(now, newestSecond(folder));
        for (int i = 0; ; i++) {
            Path file = folder.resolve(Text.format("events.out.tfevents.%010d.lejepa.%03d", second, i));
            try {
                return Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                // A run that was stopped and resumed within one second.
            }
        }
    }

    /// The second that the last file's name begins with; 0 where there is none.
    private static long newestSecond(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(name -> Long.parseLong(name.group(1)))
                    .max()
                    .orElse(0);
        }
    }

    private void write(byte[] record) {
        try {
            out.write(record);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + PathText.shown(file) + ": " + FileFaults.reason(e), e);
        }
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
