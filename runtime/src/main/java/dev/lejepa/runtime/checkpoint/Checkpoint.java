package dev.lejepa.runtime.checkpoint;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.runtime.engine.States;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A checkpoint on disk whose manifest has been read.
public final class Checkpoint {
    /// Parameters and buffers, by the names that timm gives them.
    public static final String MODEL = "model.safetensors";

    /// Moments and the count of completed steps.
    public static final String OPTIMIZER = "optimizer.safetensors";

    private final Path directory;
    private final CheckpointManifest manifest;

    private Checkpoint(Path directory, CheckpointManifest manifest) {
        this.directory = directory;
        this.manifest = manifest;
    }

    /// Opens the checkpoint in a folder.
    ///
    /// @throws BadInputException if its manifest is missing or damaged, or a file that it lists is missing or cut off
    public static Checkpoint open(Path directory) throws IOException {
        var checkpoint = new Checkpoint(directory, CheckpointManifest.read(directory));
        checkpoint.checkSizes();
        return checkpoint;
    }

    public Path directory() {
        return directory;
    }

    /// Completed steps.
    public long step() {
        return manifest.step();
    }

    /// Digest of the recipe that the run trains, as the saver gave it.
    public String recipe() {
        return manifest.recipe();
    }

    /// The file with parameters and buffers.
    public Path model() {
        return directory.resolve(MODEL);
    }

    /// All of its files.
    public List<Path> files() {
        return List.of(directory.resolve(CheckpointManifest.NAME), model(), directory.resolve(OPTIMIZER));
    }

    /// Sets all states but gradients to the saved bits. Nothing changes unless every file is as it was saved and has
    /// every state in its type and shape.
    ///
    /// @throws BadInputException if the checkpoint is damaged or belongs to another program
    public void restore(States states) throws IOException {
        checkDigests();
        try (var model = SafetensorsFile.open(model());
                var optimizer = SafetensorsFile.open(directory.resolve(OPTIMIZER))) {
            states.check(model, Checkpoint::inModel);
            states.check(optimizer, Checkpoint::inOptimizer);
            states.load(model, Checkpoint::inModel);
            states.load(optimizer, Checkpoint::inOptimizer);
            states.refreshCopies();
        }
    }

    /// Compares every file with its digest.
    ///
    /// @throws BadInputException naming those that differ
    public void checkDigests() throws IOException {
        var faults = new ArrayList<String>();
        for (var entry : manifest.files()) {
            if (!Digest.sha256(directory.resolve(entry.name())).equals(entry.sha256())) {
                faults.add(Text.format("%s is not what was saved (its SHA-256 differs)", entry.name()));
            }
        }
        refuse(faults);
    }

    private void checkSizes() throws IOException {
        var faults = new ArrayList<String>();
        for (var name : List.of(MODEL, OPTIMIZER)) {
            if (manifest.files().stream().noneMatch(e -> e.name().equals(name))) {
                faults.add(Text.format("%s does not list %s", CheckpointManifest.NAME, name));
            }
        }
        for (var entry : manifest.files()) {
            var file = directory.resolve(entry.name());
            if (!Files.isRegularFile(file)) {
                faults.add(entry.name() + " is missing");
            } else if (Files.size(file) != entry.bytes()) {
                faults.add(Text.format("%s has %d bytes, expected %d", entry.name(), Files.size(file), entry.bytes()));
            }
        }
        refuse(faults);
    }

    private void refuse(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new BadInputException(
                    Text.format("checkpoint %s is damaged: %s", directory, String.join("; ", faults)));
        }
    }

    static boolean inModel(Manifest.State s) {
        return switch (s.role()) {
            case PARAMETER, BUFFER -> true;
            case MOMENT1, MOMENT2, STEP, GRADIENT, COPY -> false;
        };
    }

    /// Gradients are in neither file: every step writes them before it reads them. Nor are copies, which are made anew.
    static boolean inOptimizer(Manifest.State s) {
        return switch (s.role()) {
            case MOMENT1, MOMENT2, STEP -> true;
            case PARAMETER, BUFFER, GRADIENT, COPY -> false;
        };
    }
}
