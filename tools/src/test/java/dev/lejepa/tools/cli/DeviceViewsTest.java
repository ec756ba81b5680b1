package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs whose views a graph makes, as the first stage of a step.
class DeviceViewsTest {
    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void project() throws IOException {
        project = TinyProject.in(folder);
    }

    private static void done(Told told) {
        assertEquals(ExitCode.DONE, told.code(), told.err());
    }

    private JsonNode manifest(String bundle) throws IOException {
        return new ObjectMapper()
                .readTree(project.run(bundle).resolve("manifest.json").toFile());
    }

    private static List<String> names(JsonNode entries) {
        return StreamSupport.stream(entries.spliterator(), false)
                .map(e -> e.get("name").asText())
                .toList();
    }

    /// Without blur, which two ways of summing may round to two levels.
    @Test
    void trainTheSameBitsAsViewsOfTheHost() throws IOException {
        done(project.trained("host", "train.steps=4", "views.blur.p=0", "views.on=host"));
        done(project.trained("device", "train.steps=4", "views.blur.p=0", "views.on=device"));
        assertEquals(project.losses("host"), project.losses("device"));
        assertEquals(
                -1,
                Files.mismatch(
                        project.run("host").resolve("views.png"),
                        project.run("device").resolve("views.png")),
                "the picture of the first batch");
    }

    @Test
    void resumedRunIsTheUninterruptedOneAndRefusesTheHost() throws IOException {
        done(project.trained("whole", "train.steps=6", "views.on=device"));
        done(project.trained("halves", "train.steps=3", "views.on=device"));
        var other = project.resumed("halves", "train.steps=6", "views.on=host");
        assertEquals(ExitCode.BAD_INPUT, other.code());
        assertTrue(other.err().contains("views.on was device, is host"), other.err());
        done(project.resumed("halves", "train.steps=6"));
        assertEquals(project.losses("whole"), project.losses("halves"));
        assertEquals(
                -1,
                Files.mismatch(
                        project.checkpoint("whole", 6).resolve("model.safetensors"),
                        project.checkpoint("halves", 6).resolve("model.safetensors")));
    }

    @Test
    void traceHoldsCropsAndDrawsInsteadOfViews() throws IOException {
        var words = new ArrayList<>(project.trainWords(
                "--set",
                "train.steps=1",
                "--set",
                "views.on=device",
                "--out",
                project.run("trace").toString()));
        words.set(0, "record");
        done(Told.by(words));
        try (var file = SafetensorsFile.open(project.run("trace").resolve("step-000001.safetensors"))) {
            var names = new TreeSet<>(file.names());
            assertTrue(
                    names.containsAll(List.of("crops.global", "crops.local", "draws.global", "draws.local")),
                    names + "");
            assertTrue(names.stream().noneMatch(n -> n.startsWith("views.")), names + "");
        }
    }

    @Test
    void bundleHasTheGraphBesideTheStepOrFirstInIt() throws IOException {
        for (var on : List.of("auto", "device")) {
            done(Told.by(
                    "emit",
                    "--config",
                    project.recipe().toString(),
                    "--set",
                    "views.on=" + on,
                    "--target",
                    "portable",
                    "--out",
                    project.run(on).toString()));
            assertTrue(Files.exists(project.run(on).resolve("augment.onnx")));
        }
        var beside = manifest("auto");
        assertEquals(List.of("train", "optimize"), names(beside.get("stages")));
        var first = manifest("device");
        assertEquals(List.of("augment", "train", "optimize"), names(first.get("stages")));
        var augment = first.get("stages").get(0);
        assertEquals(beside.get("augment"), augment);
        assertEquals(
                List.of("crops.global", "draws.global", "crops.local", "draws.local"), names(augment.get("inputs")));
        assertEquals("crops", augment.get("inputs").get(0).get("is").asText());
        assertEquals(14, augment.get("inputs").get(1).get("columns").size());
        assertEquals(List.of("views.global", "views.local"), names(augment.get("outputs")));
        assertEquals("views", augment.get("outputs").get(0).get("is").asText());
    }

    @Test
    void viewsThatNoGraphCanMakeAreRefusedByName() {
        var told = project.trained("large", "views.global.size=1032", "views.on=device");
        assertEquals(ExitCode.BAD_INPUT, told.code());
        assertTrue(told.err().contains("views.on=device: is device, where views may have at most 1024 px"), told.err());
    }
}
