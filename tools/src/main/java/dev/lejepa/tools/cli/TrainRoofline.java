package dev.lejepa.tools.cli;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.roofline.BundleRoofline;
import dev.lejepa.tools.roofline.Device;
import dev.lejepa.tools.roofline.MeasuredStep;
import dev.lejepa.tools.roofline.Roofline;
import dev.lejepa.tools.run.RunSettings;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainListener;
import dev.lejepa.trainer.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The roofline of a run's steps: what bounds them, when the run begins, and beside what they took, at its end. Nothing
/// on host cores, and on a device whose speed is not known.
final class TrainRoofline implements TrainListener {
    private final Supplier<Optional<Device>> device;
    private final Path bundle;
    private final int batch;
    private final Consumer<String> notes;
    private final Consumer<String> words;
    private Optional<Roofline> bound = Optional.empty();

    /// @param device asked for when the run has begun, and so found its device
    /// @param batch images in a step of all processes
    /// @param notes gets what is known before the first step
    /// @param words gets what was measured
    TrainRoofline(
            Supplier<Optional<Device>> device, Path bundle, int batch, Consumer<String> notes, Consumer<String> words) {
        this.device = device;
        this.bundle = bundle;
        this.batch = batch;
        this.notes = notes;
        this.words = words;
    }

    static TrainRoofline of(RunSettings settings, Console console) {
        return new TrainRoofline(
                () -> OrtEngine.deviceName(settings.device()).flatMap(Device::called),
                settings.folder().bundle(),
                settings.recipe().data().batch(),
                console::note, // stdout may be gone, which ends no run before it began
                console::say);
    }

    @Override
    public void on(TrainEvent event) {
        if (event instanceof TrainEvent.Started) {
            device.get().ifPresent(this::begun);
        }
    }

    private void begun(Device on) {
        try {
            var found = BundleRoofline.of(bundle, on).roofline();
            notes.accept("no step is faster than " + found.inOneLine());
            bound = Optional.of(found);
        } catch (RuntimeException e) { // the run itself goes well
            notes.accept("a step's roofline is not known: " + e.getMessage());
        } catch (IOException e) {
            notes.accept(Text.format(
                    "a step's roofline is not known: %s cannot be read (%s)", PathText.shown(bundle), e.getMessage()));
        }
    }

    /// Tells what the steps took, where some were made.
    void ended(Trainer.Result result) {
        ended(result.imagesPerSecond());
    }

    /// @param imagesPerSecond of all processes; not finite or 0 where no step was made
    void ended(double imagesPerSecond) {
        if (Double.isFinite(imagesPerSecond) && imagesPerSecond > 0) {
            bound.ifPresent(b -> words.accept(Text.format(
                    "a step, measured as the run's mean with evaluations and checkpoints: %s",
                    new MeasuredStep(b, batch / imagesPerSecond).inOneLine())));
        }
    }
}
