package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.JsonFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.EncoderFile;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;

/// A bundle on disk: its folder and what its manifest says.
public record BundleFolder(Path directory, Manifest manifest) {
    /// Reads the manifest of the bundle in a folder.
    ///
    /// @throws BadInputException if the folder holds no bundle of a version that this program knows
    public static BundleFolder read(Path directory) throws IOException {
        var file = directory.resolve(Bundle.MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(Text.format("%s is no bundle: it has no %s", directory, Bundle.MANIFEST));
        }
        var manifest = JsonFile.read(file, PathText.shown(file) + " is no manifest", Manifest.class);
        check(file, manifest);
        return new BundleFolder(directory, manifest);
    }

    private static void check(Path file, Manifest m) {
        if (!Manifest.FORMAT.equals(m.format())) {
            throw new BadInputException(
                    Text.format("%s: format is '%s', expected '%s'", file, m.format(), Manifest.FORMAT));
        }
        if (m.version() != Manifest.VERSION) {
            throw new BadInputException(
                    Text.format("%s: version is %d, this program reads %d", file, m.version(), Manifest.VERSION));
        }
        for (var state : m.states()) {
            checkShape(file, state);
        }
        checkMicroBatches(file, m);
    }

    private static void checkMicroBatches(Path file, Manifest m) {
        var cut = m.microBatches();
        if (cut != null && (cut.count() < 1 || cut.images() < 1)) {
            throw new BadInputException(Text.format(
                    "%s: micro_batches has a count of %d and %d images, both must be at least 1",
                    file, cut.count(), cut.images()));
        }
        var before = new HashSet<String>();
        for (var stage : m.stages()) {
            if (stage.perMicroBatch() && cut == null) {
                throw new BadInputException(Text.format(
                        "%s: stage '%s' runs for each micro-batch, and there is no micro_batches", file, stage.name()));
            }
            if (stage.repeats() != null && !before.contains(stage.repeats())) {
                throw new BadInputException(Text.format(
                        "%s: stage '%s' repeats '%s', expected one that runs before it for each micro-batch: %s",
                        file, stage.name(), stage.repeats(), before));
            }
            if (!stage.perMicroBatch() && stage.outputs().stream().anyMatch(BundleFolder::accumulates)) {
                throw new BadInputException(Text.format(
                        "%s: stage '%s' accumulates, which only stages do that run for each micro-batch",
                        file, stage.name()));
            }
            if (stage.perMicroBatch()) {
                before.add(stage.name());
            }
        }
    }

    private static boolean accumulates(StageOutput output) {
        return output instanceof StageOutput.State state && state.mode() == StageOutput.Mode.ACCUMULATE;
    }

    private static void checkShape(Path file, Manifest.State state) {
        var most = Long.MAX_VALUE / Double.BYTES; // so that bytes can be counted
        var elements = 1L;
        for (var size : state.shape()) {
            if (size < 0 || size > 0 && elements > most / size) {
                throw new BadInputException(
                        Text.format("%s: state '%s' has the impossible shape %s", file, state.name(), state.shape()));
            }
            elements *= size;
        }
    }

    /// The encoder for inference, its parameters still to be put inside.
    ///
    /// @throws BadInputException if the bundle has none, or its graph is damaged
    public EncoderFile encoder() throws IOException {
        var stage = manifest.encoder();
        if (stage == null) {
            throw new BadInputException(Text.format(
                    "%s: encoder is missing, so there is no graph to export", directory.resolve(Bundle.MANIFEST)));
        }
        return EncoderFile.read(file(stage.graph()), stage);
    }

    /// A file of the bundle.
    ///
    /// @throws BadInputException if no file can have that name
    public Path file(String name) {
        try {
            return directory.resolve(name);
        } catch (InvalidPathException e) {
            throw new BadInputException(
                    Text.format("%s: no file can be called '%s'", directory.resolve(Bundle.MANIFEST), name), e);
        }
    }
}
