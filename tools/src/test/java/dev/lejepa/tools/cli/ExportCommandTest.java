package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `export` of a tiny project's run, and what of it needs the graphs that its bundle has.
class ExportCommandTest {
    @TempDir
    static Path folder;

    private static TinyProject project = new TinyProject(Path.of(""));

    @BeforeAll
    static void train() throws IOException {
        project = TinyProject.in(folder);
        assertEquals(ExitCode.DONE, project.trained("run", "train.epochs=1").code());
    }

    private static Told export(Path out, String... words) {
        var all = new ArrayList<>(
                List.of("export", "--json", "--run", project.run("run").toString(), "--out", out.toString()));
        all.addAll(List.of(words));
        return Told.by(all);
    }

    @Test
    void exportOfAFinishedRunIsTheEncoderThatItWrote() throws IOException {
        var out = folder.resolve("same.onnx");
        assertEquals(ExitCode.DONE, export(out).code());
        assertEquals(-1, Files.mismatch(out, project.run("run").resolve("encoder.onnx")));
    }

    @Test
    void imagesMayHaveAnotherSizeOrAFixedNumber() {
        var told = export(folder.resolve("other.onnx"), "--size", "24", "--batch", "2");
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(
                "[2,3,24,24]", told.json().get("inputs").get(0).get("shape").toString());
        var refused = export(folder.resolve("other.onnx"), "--size", "17");
        assertEquals(ExitCode.BAD_INPUT, refused.code());
        assertTrue(refused.err().contains("size 17: must be a multiple"), refused.err());
    }

    /// The bundle's own graph has features and tokens alone; the others come from its recipe.
    @Test
    void layersAndAttentionAreFurtherOutputs() {
        var told = export(folder.resolve("more.onnx"), "--layers", "1", "--attention");
        assertEquals(ExitCode.DONE, told.code(), told.words());
        var names = new ArrayList<String>();
        told.json()
                .get("outputs")
                .forEach(output -> names.add(output.get("name").asText()));
        assertEquals(List.of("features", "tokens", "layers", "attention"), names);
        var refused = export(folder.resolve("more.onnx"), "--layers", "99");
        assertEquals(ExitCode.BAD_INPUT, refused.code());
        assertTrue(refused.err().contains("layers 99: the vision_transformer has "), refused.err());
    }

    /// Runs from before bundles had graphs of the encoder and the held-out images.
    @Test
    void runsWithOlderBundlesAreExportedAndNotRanked() throws IOException {
        var manifest = project.run("run").resolve("bundle").resolve("manifest.json");
        var whole = Files.readString(manifest);
        var older = (ObjectNode) new ObjectMapper().readTree(whole);
        older.remove(List.of("encoder", "held_out"));
        Files.writeString(manifest, older.toString());
        try {
            var out = folder.resolve("older.onnx");
            assertEquals(ExitCode.DONE, export(out).code());
            assertEquals(-1, Files.mismatch(out, project.run("run").resolve("encoder.onnx")));
            var ranked = Told.by(
                    "rank",
                    "--device",
                    "cpu",
                    "--threads",
                    "1",
                    project.run("run").toString());
            assertEquals(ExitCode.BAD_INPUT, ranked.code());
            assertTrue(ranked.err().contains("held_out is missing"), ranked.err());
        } finally {
            Files.writeString(manifest, whole);
        }
    }

    private static Path state(String run) throws IOException {
        var file = folder.resolve(run + ".safetensors");
        var told = Told.by("export", "--json", "--run", project.run(run).toString(), "--weights", file.toString());
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(Files.size(file), told.json().get("bytes").asLong());
        return file;
    }

    private static Told emit(Path bundle, String... assignments) {
        var words =
                new ArrayList<>(List.of("emit", "--config", project.recipe().toString(), "--out", bundle.toString()));
        for (var assignment : assignments) {
            words.addAll(List.of("--set", assignment));
        }
        return Told.by(words);
    }

    @Test
    void aRunThatStartedFromWeightsGoesOnWithoutTheirFile() throws IOException {
        var file = Files.copy(state("run"), folder.resolve("moved.safetensors"));
        var told = project.trained("again", "train.epochs=1", "model.backbone.weights=" + file);
        assertEquals(ExitCode.DONE, told.code(), told.words());
        var init = project.run("again").resolve("bundle").resolve(Bundle.INIT);
        var before = Files.readAllBytes(init);
        Files.delete(file);
        var resumed = project.resumed("again", "train.epochs=2");
        assertEquals(ExitCode.DONE, resumed.code(), resumed.words());
        assertArrayEquals(before, Files.readAllBytes(init));
        var other = project.resumed("again", "train.epochs=3", "model.backbone.weights=null");
        assertEquals(ExitCode.BAD_INPUT, other.code(), other.words());
    }

    /// Weights of a run are what another starts from, and its encoder is then the run's own.
    @Test
    void weightsLeaveARunAndStartAnotherBundle() throws IOException {
        var file = state("run");
        try (var weights = SafetensorsFile.open(file)) {
            assertTrue(weights.names().contains("head.weight"));
            assertTrue(weights.names().stream()
                    .noneMatch(name -> name.startsWith("projector") || name.startsWith("probe")));
        }
        var bundle = folder.resolve("started");
        var emitted = emit(bundle, "model.backbone.weights=" + file);
        assertEquals(ExitCode.DONE, emitted.code(), emitted.words());
        assertTrue(emitted.words().contains("tensors loaded (timm's names)"), emitted.words());
        var out = folder.resolve("started.onnx");
        assertEquals(
                ExitCode.DONE,
                Told.by("export", "--bundle", bundle.toString(), "--out", out.toString())
                        .code());
        try (var initial = SafetensorsFile.open(bundle.resolve(Bundle.INIT));
                var weights = SafetensorsFile.open(file)) {
            for (var name : weights.names()) {
                assertEquals(-1, initial.bytes(name).mismatch(weights.bytes(name)), name);
            }
        }
    }

    @Test
    void weightsThatDoNotFitAreRefusedBeforeAnythingIsWritten() throws IOException {
        var file = state("run");
        var bundle = folder.resolve("unfit");
        var told = emit(bundle, "model.backbone.weights=" + file, "model.backbone.embed_dim=28");
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertTrue(told.err().contains("model.backbone.weights: "), told.err());
        assertTrue(told.err().contains("cls_token is ["), told.err());
        assertFalse(Files.exists(bundle));
    }

    @Test
    void aNamedModelIsExportedWithTheWeightsOfAFile() throws IOException {
        var weights = folder.resolve("named.safetensors");
        var first = new ArrayList<>(List.of("export", "--json", "--model", "vit_tiny_patch16_224"));
        first.addAll(List.of("--set", "model.backbone.depth=1", "--set", "model.backbone.img_size=32"));
        var second = new ArrayList<>(first);
        first.addAll(List.of(
                "--weights",
                weights.toString(),
                "--out",
                folder.resolve("1.onnx").toString()));
        second.addAll(List.of(
                "--weights-from",
                weights.toString(),
                "--out",
                folder.resolve("2.onnx").toString()));
        var told = Told.by(first);
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(18, told.json().get("tensors").asInt());
        assertEquals(ExitCode.DONE, Told.by(second).code());
        assertEquals(-1, Files.mismatch(folder.resolve("1.onnx"), folder.resolve("2.onnx")));
    }

    @Test
    void flagsThatDoNothingAreRefused() {
        for (var words : List.of(
                List.of("--model", "vit_tiny_patch16_224"),
                List.of("--run", "r", "--weights-from", "w.pth", "--out", "e.onnx"),
                List.of("--run", "r", "--set", "model.backbone.depth=1", "--out", "e.onnx"),
                List.of("--run", "r", "--size", "32", "--weights", "w.safetensors"),
                List.of("--model", "vit_tiny_patch16_224", "--set", "train.epochs=1", "--out", "e.onnx"))) {
            var all = new ArrayList<>(List.of("export"));
            all.addAll(words);
            assertEquals(ExitCode.BAD_INPUT, Told.by(all).code(), words.toString());
        }
    }
}
