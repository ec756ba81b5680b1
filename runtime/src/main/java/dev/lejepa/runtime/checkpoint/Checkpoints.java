package dev.lejepa.runtime.checkpoint;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.safetensors.SafetensorsWriter;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.States;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The folder of a run that holds its checkpoints.
public final class Checkpoints {
    private static final Pattern NAME = Pattern.compile("step-(\\d{6,18})");

    /// Ends the name of a folder that is being written or deleted; such folders are no checkpoints.
    private static final String UNFINISHED = ".unfinished";

    private final Path directory;
    private final Output output;

    /// How a file of tensors is written.
    @FunctionalInterface
    interface Output {
        void write(SafetensorsWriter tensors, Path file) throws IOException;
    }

    /// @param run the run's folder
    public Checkpoints(Path run) {
        this(run, SafetensorsWriter::write);
    }

    Checkpoints(Path run, Output output) {
        this.directory = run.resolve("checkpoints");
        this.output = output;
    }

    /// Saves all states but gradients, then deletes all but the newest `keep` checkpoints. When this returns the new one
    /// is on the disk; when it throws, those that were there still are and nothing else is left behind.
    ///
    /// @param step completed steps
    /// @param recipe digest of the recipe, for the one who resumes
    /// @param keep at least 1
    /// @return the folder of the new checkpoint
    public Path save(States states, long step, String recipe, int keep) throws IOException {
        if (keep < 1) {
            throw new IllegalArgumentException(Text.format("keep is %d, must be at least 1", keep));
        }
        Files.createDirectories(directory);
        removeUnfinished();
        var target = directory.resolve(Text.format("step-%06d", step));
        var partial = directory.resolve(target.getFileName() + UNFINISHED);
        try {
            write(partial, states, step, recipe);
            replace(target, partial);
        } catch (IOException e) {
            removeAfter(e, partial);
            throw new IOException(
                    Text.format(
                            "%s could not be saved (earlier checkpoints are as they were): %s", target, e.getMessage()),
                    e);
        }
        removeOlder(keep);
        return target;
    }

    private void write(Path partial, States states, long step, String recipe) throws IOException {
        Files.createDirectory(partial);
        var files = List.of(
                writeTensors(partial, Checkpoint.MODEL, states, Checkpoint::inModel),
                writeTensors(partial, Checkpoint.OPTIMIZER, states, Checkpoint::inOptimizer));
        new CheckpointManifest(CheckpointManifest.FORMAT, CheckpointManifest.VERSION, step, recipe, files)
                .write(partial);
        AtomicFile.forceDirectory(partial);
    }

    private CheckpointManifest.Entry writeTensors(
            Path partial, String name, States states, Predicate<Manifest.State> chosen) throws IOException {
        var file = partial.resolve(name);
        try (var arena = Arena.ofConfined()) {
            var tensors = new SafetensorsWriter(Map.of());
            states.declared().stream()
                    .filter(chosen)
                    .forEach(s -> tensors.add(states.form(s), onHost(states.get(s.name()), arena)));
            output.write(tensors, file);
        }
        return new CheckpointManifest.Entry(name, Files.size(file), Digest.sha256(file));
    }

    private static MemorySegment onHost(DeviceTensor tensor, Arena arena) {
        if (tensor.onHost()) {
            return tensor.segment();
        }
        var copy = arena.allocate(tensor.byteSize());
        tensor.copyTo(copy);
        return copy;
    }

    private void replace(Path target, Path partial) throws IOException {
        if (Files.exists(target)) { // the same step saved once more
            retire(target);
        }
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.forceDirectory(directory);
    }

    /// The newest checkpoint, if there is any.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the newest is damaged: an older one is never taken in its place
    public Optional<Checkpoint> newest() throws IOException {
        var all = list();
        return all.isEmpty() ? Optional.empty() : Optional.of(Checkpoint.open(all.getLast()));
    }

    /// The folders of all checkpoints, oldest first.
    public List<Path> list() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var entries = Files.list(directory)) {
            return entries.filter(p -> NAME.matcher(p.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(Checkpoints::step))
                    .toList();
        }
    }

    private static long step(Path checkpoint) {
        var matcher = NAME.matcher(checkpoint.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private void removeOlder(int keep) throws IOException {
        var all = new ArrayList<>(list());
        while (all.size() > keep) {
            retire(all.removeFirst());
        }
    }

    /// Renames before deleting, so that one half deleted is never taken for damaged.
    private void retire(Path checkpoint) throws IOException {
        var name = directory.resolve(checkpoint.getFileName() + ".old" + UNFINISHED);
        Files.move(checkpoint, name, StandardCopyOption.ATOMIC_MOVE);
        remove(name);
    }

    private void removeUnfinished() throws IOException {
        List<Path> left;
        try (var entries = Files.list(directory)) {
            left = entries.filter(p -> p.getFileName().toString().endsWith(UNFINISHED))
                    .toList();
        }
        for (var p : left) {
            remove(p);
        }
    }

    private static void removeAfter(IOException fault, Path partial) {
        try {
            remove(partial);
        } catch (IOException e) {
            fault.addSuppressed(e);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (var entries = Files.walk(folder)) {
            deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
        }
        for (var p : deepestFirst) {
            Files.delete(p);
        }
    }
}
