package dev.lejepa.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.graphs.safetensors.SafetensorsWriter;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.fixtures.Batches;
import dev.lejepa.runtime.fixtures.MlpBundle;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
    private static final String RECIPE = "0123456789abcdef";

    @TempDir
    Path run;

    private Engine engine;
    private Program program;

    @BeforeEach
    void open() throws IOException {
        engine = OrtEngine.open("cpu", EngineOptions.of(1));
        program = Program.open(engine, MlpBundle.write(run.resolve("bundle")));
        program.initialize();
    }

    @AfterEach
    void close() {
        program.close();
        engine.close();
    }

    private Path save(long step) throws IOException {
        return new Checkpoints(run).save(program.states(), step, RECIPE, 2);
    }

    private void train(int from, int to) {
        for (var s = from; s < to; s++) {
            Batches.step(program, s);
        }
    }

    private List<String> names() throws IOException {
        try (var entries = Files.list(run.resolve("checkpoints"))) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void resumedRunEqualsUninterruptedRunBitForBit() throws IOException {
        train(0, 5);
        save(5);
        train(5, 10);
        var uninterrupted = save(10);
        var model = Files.readAllBytes(uninterrupted.resolve(Checkpoint.MODEL));
        var optimizer = Files.readAllBytes(uninterrupted.resolve(Checkpoint.OPTIMIZER));
        var manifest = Files.readAllBytes(uninterrupted.resolve("manifest.json"));

        program.initialize();
        Checkpoint.open(run.resolve("checkpoints/step-000005")).restore(program.states());
        train(5, 10);
        var resumed = save(10);

        assertArrayEquals(model, Files.readAllBytes(resumed.resolve(Checkpoint.MODEL)));
        assertArrayEquals(optimizer, Files.readAllBytes(resumed.resolve(Checkpoint.OPTIMIZER)));
        assertArrayEquals(manifest, Files.readAllBytes(resumed.resolve("manifest.json")));
    }

    @Test
    void newestIsTheOneWithMostSteps() throws IOException {
        save(9);
        save(1_000_000);
        var newest = new Checkpoints(run).newest().orElseThrow();
        assertEquals(1_000_000, newest.step());
        assertEquals(RECIPE, newest.recipe());
        assertEquals("step-1000000", newest.directory().getFileName().toString());
    }

    @Test
    void onlyTheNewestAreKept() throws IOException {
        for (var s = 1; s <= 4; s++) {
            save(s);
        }
        assertEquals(List.of("step-000003", "step-000004"), names());
    }

    @Test
    void runWithoutCheckpointsHasNoNewest() throws IOException {
        assertTrue(new Checkpoints(run.resolve("nowhere")).newest().isEmpty());
    }

    @Test
    void unfinishedCheckpointIsNoneAndTheNextSaveRemovesIt() throws IOException {
        save(1);
        Files.move(save(2), run.resolve("checkpoints/step-000002.unfinished"));
        assertEquals(1, new Checkpoints(run).newest().orElseThrow().step());
        save(3);
        assertEquals(List.of("step-000001", "step-000003"), names());
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest.json", "model.safetensors", "optimizer.safetensors"})
    void missingFileIsRefusedByNameAndNoOlderOneIsTaken(String file) throws IOException {
        save(1);
        Files.delete(save(2).resolve(file));
        var e = assertThrows(BadInputException.class, () -> new Checkpoints(run).newest());
        assertEquals(
                "checkpoint %s is damaged: %s is missing".formatted(run.resolve("checkpoints/step-000002"), file),
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest.json", "model.safetensors", "optimizer.safetensors"})
    void fileCutOffIsRefusedByName(String file) throws IOException {
        var damaged = save(1).resolve(file);
        var bytes = Files.readAllBytes(damaged);
        Files.write(damaged, Arrays.copyOf(bytes, bytes.length / 2));
        var e = assertThrows(BadInputException.class, () -> new Checkpoints(run).newest());
        assertTrue(e.getMessage().contains("step-000001 is damaged: " + file), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model.safetensors", "model.\u0000tensors", ""})
    void manifestThatListsWhatIsNoFileOfTheFolderIsRefused(String name) throws IOException {
        var manifest = save(1).resolve("manifest.json");
        var other = new ObjectMapper().writeValueAsString(name);
        Files.writeString(manifest, Files.readString(manifest).replace("\"model.safetensors\"", other));
        var e = assertThrows(BadInputException.class, () -> new Checkpoints(run).newest());
        assertTrue(e.getMessage().contains("which is no file of a checkpoint"), e.getMessage());
    }

    @Test
    void flippedBitIsRefusedAndNoStateChanges() throws IOException {
        train(0, 1);
        var damaged = save(1).resolve(Checkpoint.OPTIMIZER);
        var bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1] ^= 1;
        Files.write(damaged, bytes);
        train(1, 2);
        var before = program.states().get("w1").toFloats();
        var newest = new Checkpoints(run).newest().orElseThrow();
        var e = assertThrows(BadInputException.class, () -> newest.restore(program.states()));
        assertTrue(e.getMessage().contains("optimizer.safetensors is not what was saved"), e.getMessage());
        assertArrayEquals(before, program.states().get("w1").toFloats());
    }

    @Test
    void tensorsThatTheProgramLacksInTheCheckpointAreNamed() throws IOException {
        var empty = new Checkpoints(run, (tensors, file) -> new SafetensorsWriter(Map.of()).write(file));
        empty.save(program.states(), 1, RECIPE, 1);
        var newest = new Checkpoints(run).newest().orElseThrow();
        var e = assertThrows(BadInputException.class, () -> newest.restore(program.states()));
        assertTrue(e.getMessage().contains("3 of 3 tensors do not fit: w1 is missing; b1 is missing"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "optimizer.safetensors"})
    void fullDiskLeavesThePreviousCheckpointGoodAndNothingElse(String victim) throws IOException {
        save(1);
        var full = new Checkpoints(run, (tensors, file) -> {
            if (file.endsWith(victim)) {
                Files.write(file, new byte[100]);
                throw new IOException("No space left on device");
            }
            tensors.write(file);
        });
        var e = assertThrows(IOException.class, () -> full.save(program.states(), 2, RECIPE, 1));
        assertTrue(e.getMessage().contains("step-000002 could not be saved"), e.getMessage());
        assertTrue(e.getMessage().endsWith("No space left on device"), e.getMessage());
        assertEquals(List.of("step-000001"), names());
        new Checkpoints(run).newest().orElseThrow().restore(program.states());
    }

    @Test
    void gradientsAreNotSaved() throws IOException {
        try (var file = SafetensorsFile.open(save(1).resolve(Checkpoint.OPTIMIZER))) {
            assertTrue(file.names().contains("step"));
            assertFalse(file.names().contains("grad/w1"));
        }
    }
}
