package dev.lejepa.tools.reliability;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.export.BundleEncoder;
import dev.lejepa.tools.inspect.Inspection;
import dev.lejepa.tools.run.StepPlan;
import dev.lejepa.trainer.report.MetricsFile;
import dev.lejepa.trainer.report.TensorBoardFile;
import dev.lejepa.trainer.train.RunData;
import dev.lejepa.trainer.train.RunEngine;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;

/// What a run and a bundle keep on disk.
final class RunTargets {
    private static final String RECIPE = """
            data: {batch: 2}
            views: {global: {count: 1, size: 8}, local: {count: 1, size: 8}, blur: {kernel: 3}}
            model:
              backbone: {name: vit_tiny_patch16_224, img_size: 8, patch_size: 8, depth: 1, embed_dim: 8, num_heads: 1}
              projector: {hidden: [4], out: 2}
            loss: {dialect: minimal, slices: 2}
            """;

    private static final String METRICS = """
            {"event":"start","time":"2026-03-01T12:00:00.250Z","run":"demo","step":0,"steps":10,"device":"cpu"}
            {"event":"step","step":1,"epoch":1,"loss":0.5,"invariance":0.25,"probe_loss":null,"images_per_s":64.123}
            {"event":"warning","step":1,"about":"data","message":"a \\"broken\\" file","files":["x.png"]}
            {"event":"step","step":2,"epoch":1,"loss":0.4,"invariance":0.25,"probe_loss":null,"images_per_s":64.123}
            {"event":"epoch","step":2,"epoch":1,"val_top1":0.375,"val_probe_loss":1.75}
            {"event":"step","step":3,"epoch":2,"loss":0.3,"invariance":0.25,"probe_loss":null,"images_per_s":64.123}
            {"event":"end","time":"2026-03-01T12:00:00.250Z","step":3,"seconds":12.5,"outcome":"interrupted"}
            """;

    private static final List<String> JSON = List.of(
            "{", "}", "[", "]", "\"", ",", ":", "null", "[null]", "{\"", "\n", "\\n", "\\u0000", "\u00ff", "true");

    private static final int FEW = 6;

    private RunTargets() {}

    static FuzzTarget bundle(Path scratch) throws IOException {
        var bundle = written(scratch);
        var manifest = bundle.resolve(Bundle.MANIFEST);
        var seeds = Mutator.bytes(List.of(shortened(manifest)));
        return FuzzTarget.of(Format.BUNDLE, seeds, JSON, input -> {
            Files.write(manifest, input);
            requireLines(Inspection.of(bundle).lines());
            BundleEncoder.bundle(bundle).close();
        });
    }

    /// The same with the first few items of each list, so that damage is often where it matters.
    private static String shortened(Path manifest) throws IOException {
        var tree = new JsonMapper().readTree(manifest.toFile());
        for (var list : tree.findValues("states")) {
            shorten((ArrayNode) list);
        }
        for (var key : List.of("inputs", "outputs")) {
            tree.findValues(key).forEach(list -> shorten((ArrayNode) list));
        }
        return tree.toPrettyString();
    }

    private static void shorten(ArrayNode list) {
        while (list.size() > FEW) {
            list.remove(FEW / 2);
        }
    }

    private static Path written(Path scratch) throws IOException {
        var bundle = Files.createDirectories(scratch.resolve("bundle"));
        BundleWriter.write(
                StepPlan.of(RecipeFile.parse("fuzz", RECIPE, List.of()), 2, Target.ORT)
                        .bundle(),
                bundle);
        return bundle;
    }

    private static void requireLines(List<String> lines) {
        for (var line : lines) {
            if (line.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalStateException("a line is more than one: " + line);
            }
        }
    }

    static FuzzTarget checkpoint(Path run) throws IOException {
        var folder = Files.createDirectories(run.resolve("checkpoints/step-000005"));
        var content = "weights".getBytes(StandardCharsets.UTF_8);
        Files.write(folder.resolve("model.safetensors"), content);
        Files.write(folder.resolve("optimizer.safetensors"), content);
        var seed = """
                {
                  "format" : "lejepa-checkpoint",
                  "version" : 1,
                  "step" : 5,
                  "recipe_sha256" : "0123456789abcdef",
                  "files" : [ {
                    "name" : "model.safetensors",
                    "bytes" : 7,
                    "sha256" : "%s"
                  }, {
                    "name" : "optimizer.safetensors",
                    "bytes" : 7,
                    "sha256" : "%1$s"
                  } ]
                }
                """.formatted(sha256(content));
        var manifest = folder.resolve("manifest.json");
        return FuzzTarget.of(Format.CHECKPOINT, Mutator.bytes(List.of(seed)), JSON, input -> {
            Files.write(manifest, input);
            new Checkpoints(run).newest().orElseThrow().checkDigests();
        });
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Our reader alone: what ONNX Runtime makes of a damaged graph is not ours to answer for.
    static FuzzTarget onnx(Path scratch) throws IOException {
        var bundle = written(scratch);
        var file = scratch.resolve("fuzz.onnx");
        var seeds = List.of(
                Files.readAllBytes(bundle.resolve("evaluate.onnx")),
                Files.readAllBytes(bundle.resolve("optimizer.onnx")));
        var words = List.of(
                "\n", "\u0012\u0000", "Cast", "Constant", "ai.onnx", "\u0008\u0001", "\u00ff\u00ff\u00ff\u00ff\u000f");
        return FuzzTarget.of(Format.ONNX, seeds, words, input -> {
            Files.write(file, input);
            requireLines(Inspection.of(file).lines());
        });
    }

    static FuzzTarget metrics(Path scratch) {
        var file = scratch.resolve("metrics.jsonl");
        return FuzzTarget.of(Format.METRICS, Mutator.bytes(List.of(METRICS)), JSON, input -> {
            Files.write(file, input);
            MetricsFile.resume(file, 2, InstantSource.system()).close();
        });
    }

    static FuzzTarget data(Path scratch) throws IOException {
        var run = new RunFolder(Files.createDirectories(scratch.resolve("run")));
        var seeds = Mutator.bytes(List.of("""
                {"probe_classes": 2, "train": {"images": 14, "classes": {"a": 7, "b": 7}, "sha256": "0123"}, "val": null}
                """, """
                {"device": "cpu", "threads": 2, "processor": "of some kind"}
                """));
        return FuzzTarget.of(Format.DATA, seeds, JSON, input -> {
            var isEngine = new String(input, StandardCharsets.ISO_8859_1).contains("threads");
            Files.write(isEngine ? run.engine() : run.data(), input);
            if (isEngine) {
                var _ = RunEngine.read(run).orElseThrow();
            } else {
                var _ = RunData.read(run).orElseThrow();
            }
        });
    }

    /// Event files are never read again; what a resumed run looks at is their names. One name a line.
    static FuzzTarget tensorboard(Path scratch) {
        var folder = scratch.resolve("tensorboard");
        var seeds = Mutator.bytes(List.of("""
                events.out.tfevents.1700000000.lejepa.000
                events.out.tfevents.1700000000.lejepa.001
                events.out.tfevents.1800000000.lejepa.000
                """));
        return FuzzTarget.of(Format.TENSORBOARD, seeds, List.of("events.out.tfevents.", ".lejepa.", "."), input -> {
            Files.createDirectories(folder);
            for (var name : new String(input, StandardCharsets.ISO_8859_1).split("\n", 5)) {
                if (name.matches("[ -.0-~]{3,100}")) {
                    Files.write(folder.resolve(name), input);
                }
            }
            TensorBoardFile.resume(folder, 2, InstantSource.system()).close();
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    Files.delete(file);
                }
            }
        });
    }
}
