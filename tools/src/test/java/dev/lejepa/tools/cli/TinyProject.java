package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.random.Key;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// A folder with a few images and a recipe whose steps take milliseconds.
public record TinyProject(Path folder) {
    static final int CLASSES = 2;
    static final int TRAIN_PER_CLASS = 7;

    /// Fourteen images in batches of four.
    public static final int STEPS_PER_EPOCH = 3;

    /// Of the recipe, unless a test sets others.
    public static final int STEPS = 8 * STEPS_PER_EPOCH;

    private static final String RECIPE = """
            seed: 11
            data: {batch: 4}
            views:
              global: {count: 2, size: 16, scale: [0.3, 1.0]}
              local: {count: 1, size: 8, scale: [0.1, 0.3]}
              blur: {p: 0.5, kernel: 3}
            model:
              backbone:
                {name: vit_tiny_patch16_224, img_size: 16, patch_size: 8, depth: 1, embed_dim: 24, num_heads: 2, num_classes: 12}
              projector: {hidden: [16], out: 6}
            loss: {dialect: minimal, slices: 16}
            optimizer: {lr: 2e-3, warmup_epochs: 1}
            train: {epochs: 8}
            """;

    /// Images and recipe in a new folder: 14 images to train with, so three steps an epoch.
    public static TinyProject in(Path folder) throws IOException {
        var project = new TinyProject(folder);
        project.images(project.train(), TRAIN_PER_CLASS);
        project.images(project.val(), 3);
        Files.writeString(project.recipe(), RECIPE);
        return project;
    }

    public Path train() {
        return folder.resolve("train");
    }

    public Path val() {
        return folder.resolve("val");
    }

    public Path recipe() {
        return folder.resolve("tiny.yaml");
    }

    public Path run(String name) {
        return folder.resolve(name);
    }

    private void images(Path root, int perClass) throws IOException {
        for (var label = 0; label < CLASSES; label++) {
            var of = Files.createDirectories(root.resolve("class" + label));
            for (var i = 0; i < perClass; i++) {
                image(
                        of.resolve(i + ".png"),
                        Key.of(5, root.getFileName().toString(), label, i).draws());
            }
        }
    }

    /// A picture of noise, a little wider than high.
    static void image(Path png, Draws draws) throws IOException {
        var image = new BufferedImage(24, 20, BufferedImage.TYPE_INT_RGB);
        for (var y = 0; y < image.getHeight(); y++) {
            for (var x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, draws.below(1 << 24));
            }
        }
        ImageIO.write(image, "png", png.toFile());
    }

    /// The words of `train` with the recipe and both folders, less the run's folder.
    public List<String> trainWords(String... more) {
        var words = List.of(
                "train",
                "--config",
                recipe().toString(),
                "--set",
                "data.train=" + train(),
                "--set",
                "data.val=" + val());
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    /// Trains into the run of a name.
    ///
    /// @param more `a.b=v` are assignments, all else words
    Told trained(String run, String... more) {
        return Told.by(words(trainWords("--out", run(run).toString()), more));
    }

    /// Goes on with the run of a name by its own recipe.
    Told resumed(String run, String... more) {
        return Told.by(resumeWords(run, more));
    }

    List<String> resumeWords(String run, String... more) {
        return words(List.of("train", "--resume", "--out", run(run).toString()), more);
    }

    private static List<String> words(List<String> first, String... more) {
        var words = new ArrayList<>(first);
        for (var word : more) {
            if (word.contains("=")) {
                words.add("--set");
            }
            words.add(word);
        }
        return words;
    }

    /// The folder of a run's checkpoint.
    Path checkpoint(String run, long step) {
        return run(run).resolve("checkpoints/step-%06d".formatted(step));
    }

    /// The newest checkpoint's steps; 0 where there is none.
    long newest(String run) throws IOException {
        var folder = run(run).resolve("checkpoints");
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (var entries = Files.list(folder)) {
            return entries.map(p -> p.getFileName().toString())
                    .filter(name -> name.matches("step-\\d+"))
                    .mapToLong(name -> Long.parseLong(name.substring(5)))
                    .max()
                    .orElse(0);
        }
    }

    /// The lines of a run's metrics file about one kind of event.
    List<JsonNode> metrics(String run, String event) throws IOException {
        var json = new ObjectMapper();
        var found = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(run(run).resolve("metrics.jsonl"))) {
            var node = json.readTree(line);
            if (node.get("event").asText().equals(event)) {
                found.add(node);
            }
        }
        return found;
    }

    /// What decides whether two runs computed the same: step, epoch, losses and rate of every step.
    List<String> losses(String run) throws IOException {
        return metrics(run, "step").stream()
                .map(line -> Stream.of("step", "epoch", "loss", "invariance", "sigreg", "probe_loss", "lr")
                        .map(key -> key + "=" + line.get(key))
                        .toList()
                        .toString())
                .toList();
    }
}
