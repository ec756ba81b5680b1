package dev.lejepa.trainer.train;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The folder of a run and the places in it.
public record RunFolder(Path path) {
    /// Its name, as people know the run.
    public String name() {
        return PathText.name(path);
    }

    /// The resolved recipe; a folder that holds it is a run.
    public Path recipe() {
        return path.resolve("recipe.yaml");
    }

    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    public Path tensorboard() {
        return path.resolve("tensorboard");
    }

    /// What the run saw of its images: [RunData].
    public Path data() {
        return path.resolve("data.json");
    }

    /// What computes the run: [RunEngine].
    public Path engine() {
        return path.resolve("engine.json");
    }

    /// The graphs that the run executes.
    public Path bundle() {
        return path.resolve("bundle");
    }

    /// The trained encoder, at the end of a run.
    public Path encoder() {
        return path.resolve("encoder.onnx");
    }

    /// Views of the first images, as the network sees them.
    public Path views() {
        return path.resolve("views.png");
    }

    /// What the run was like, as a page for people.
    public Path report() {
        return path.resolve("report.html");
    }

    public boolean isRun() {
        return Files.isRegularFile(recipe());
    }

    /// Refuses a folder that holds another run or other files.
    public void requireFresh() throws IOException {
        if (isRun()) {
            throw new BadInputException(
                    Text.format("%s: holds a run already; give --resume to go on with it or another --out", path));
        }
        if (!isFree()) {
            throw new BadInputException(
                    Text.format("%s: is not empty and holds no run; give an empty or new folder", path));
        }
    }

    /// Whether nothing is in it but what a [RunLock] puts there and what a killed process left unfinished.
    public boolean isFree() throws IOException {
        try (var entries = Files.list(path)) {
            return entries.allMatch(entry -> RunLock.isOf(entry) || OutputFile.isUnfinished(entry));
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /// Refuses to resume what is no run.
    public void requireRun() {
        if (!isRun()) {
            throw new BadInputException(
                    Text.format("%s: is no run (no recipe.yaml in it), expected the folder of one", path));
        }
    }
}
