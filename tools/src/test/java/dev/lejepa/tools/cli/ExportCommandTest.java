package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
}
