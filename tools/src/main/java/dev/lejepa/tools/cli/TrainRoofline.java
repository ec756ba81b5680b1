package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.roofline.BundleRoofline;
import dev.lejepa.tools.roofline.Device;
import dev.lejepa.tools.roofline.MeasuredStep;
import dev.lejepa.tools.run.RunSettings;
import dev.lejepa.trainer.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The roofline of the steps of a run that has ended, beside what they took.
final class TrainRoofline {
    private TrainRoofline() {}

    /// For people; nothing on host cores, on a device whose speed is not known, or where no step was made.
    static Optional<String> describe(RunSettings settings, Trainer.Result result) throws IOException {
        var device = OrtEngine.deviceName(settings.device()).flatMap(Device::called);
        if (device.isEmpty()) {
            return Optional.empty();
        }
        return describe(
                settings.folder().bundle(), settings.recipe().data().batch(), result.imagesPerSecond(), device.get());
    }

    /// @param batch images in a step of all processes
    /// @param imagesPerSecond of all processes; not finite or 0 where no step was made
    static Optional<String> describe(Path bundle, int batch, double imagesPerSecond, Device device) throws IOException {
        if (!Double.isFinite(imagesPerSecond) || imagesPerSecond <= 0) {
            return Optional.empty();
        }
        try {
            var measured = new MeasuredStep(BundleRoofline.of(bundle, device).roofline(), batch / imagesPerSecond);
            return Optional.of(Text.format(
                    "a step, measured as the run's mean with evaluations and checkpoints: %s", measured.inOneLine()));
        } catch (BadInputException e) { // the run itself went well
            return Optional.of("a step's roofline is not known: " + e.getMessage());
        }
    }
}
