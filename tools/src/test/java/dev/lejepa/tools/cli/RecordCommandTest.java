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
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordCommandTest {
    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void project() throws IOException {
        project = TinyProject.in(folder);
    }

    private Told record(String target, String... more) {
        var words = new ArrayList<>(project.trainWords(
                "--set", "train.steps=3", "--out", project.run("trace").toString(), "--target", target, "--json"));
        words.set(0, "record");
        words.addAll(List.of(more));
        return Told.by(words);
    }

    @Test
    void traceHoldsTheBundleAndEveryInputThatIsNoState() throws IOException {
        var told = record("portable");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertEquals(3, told.json().get("steps").asInt());
        var manifest = new ObjectMapper()
                .readTree(project.run("trace").resolve("bundle/manifest.json").toFile());
        assertEquals("portable", manifest.get("target").asText());
        var expected = fedInputs(manifest);
        for (var step = 1; step <= 3; step++) {
            try (var file =
                    SafetensorsFile.open(project.run("trace").resolve("step-%06d.safetensors".formatted(step)))) {
                Set<String> names = new TreeSet<>();
                names.addAll(file.names());
                assertEquals(expected, names);
            }
        }
        assertEquals(
                3,
                Files.readAllLines(project.run("trace").resolve("outputs.jsonl"))
                        .size());
    }

    @Test
    void aStepThatIsCutIsRecordedWithTheRowsOfAllMicroBatches() throws IOException {
        assertEquals(ExitCode.DONE, record("portable").code());
        var whole = losses();
        Files.move(project.run("trace"), project.run("whole"));
        assertEquals(
                ExitCode.DONE,
                record("portable", "--set", "train.micro_batches=2").code());
        var cut = losses();
        for (var step = 0; step < whole.size(); step++) {
            assertEquals(whole.get(step), cut.get(step), 1e-5, "loss of step " + step); // float32 in another order
            var name = "step-%06d.safetensors".formatted(step + 1);
            try (var one = SafetensorsFile.open(project.run("whole").resolve(name));
                    var two = SafetensorsFile.open(project.run("trace").resolve(name))) {
                for (var input : one.names()) {
                    assertEquals(0, one.bytes(input).mismatch(two.bytes(input)) + 1, input);
                }
            }
        }
    }

    private List<Double> losses() throws IOException {
        List<Double> losses = new ArrayList<>();
        for (var line : Files.readAllLines(project.run("trace").resolve("outputs.jsonl"))) {
            losses.add(new ObjectMapper().readTree(line).get("loss").asDouble());
        }
        return losses;
    }

    @Test
    void targetOfAnOptionIsHeldAgainstTheRulesOfRecipes() {
        var words = new ArrayList<>(project.trainWords(
                "--set", "train.precision=bf16", "--out", folder.toString(), "--target", "portable"));
        words.set(0, "record");
        var told = Told.by(words);
        assertEquals(ExitCode.BAD_INPUT, told.code());
        assertTrue(told.err().contains("is bf16, which train.target portable does not have"), told.err());
    }

    private static Set<String> fedInputs(JsonNode manifest) {
        Set<String> names = new TreeSet<>();
        for (var stage : manifest.get("stages")) {
            for (var input : stage.get("inputs")) {
                if (!input.get("is").asText().equals("state")) {
                    names.add(input.get("name").asText());
                }
            }
        }
        return names;
    }

    @Test
    void recordedLossesAreThoseOfTheRun() throws IOException {
        assertEquals(ExitCode.DONE, record("ort").code());
        assertEquals(ExitCode.DONE, project.trained("run", "train.steps=3").code());
        List<Double> recorded = new ArrayList<>();
        for (var line : Files.readAllLines(project.run("trace").resolve("outputs.jsonl"))) {
            recorded.add((double)
                    (float) new ObjectMapper().readTree(line).get("loss").asDouble());
        }
        var trained = project.metrics("run", "step").stream()
                .map(line -> line.get("loss").asDouble())
                .toList();
        assertEquals(trained, recorded);
    }

    @Test
    void folderThatHoldsAnythingIsRefused() throws IOException {
        Files.createDirectory(project.run("trace"));
        Files.writeString(project.run("trace").resolve("mine.txt"), "mine");
        var told = record("ort");
        assertEquals(ExitCode.BAD_INPUT, told.code());
        assertTrue(told.err().contains("is not empty; a trace goes to a new folder"), told.err());
    }
}
