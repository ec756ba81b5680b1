package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.safetensors.ElementType;
import dev.lejepa.graphs.safetensors.SafetensorsWriter;
import dev.lejepa.graphs.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Everything that a person can give wrongly is told in one line that says what and where, with exit code 2.
class BadTrainInputTest {
    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void project() throws IOException {
        project = TinyProject.in(folder);
    }

    private static void assertRefused(Told told, String... parts) {
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertEquals(1, told.err().lines().count(), told.err());
        for (var part : parts) {
            assertTrue(told.err().contains(part), part + " in " + told.err());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data.train=nowhere|data.train|nowhere: no such folder",
                "data.train=tiny.yaml|data.train|tiny.yaml: is a file, expected a folder of images",
                "data.val=nowhere|data.val|nowhere: no such folder",
                "data.batch=15|data.batch is 15|holds only 14 images",
                "data.batch=0|data.batch=0: is 0|must be at least 1",
                "views.global.size=20|is 20, must be a multiple of|8 (nearest: 16 and 24)",
                "views.local.size=12|is 12, must be a multiple of|8 (nearest: 8 and 16)",
                "model.backbone.name=vit_tinny_patch16_224|vit_tinny_patch16_224|vit_tiny_patch16_224",
                "model.backbone.img_size=18|is 18, must be a multiple of|8",
                "optimizer.lr=-1|optimizer.lr=-1: is -1|must be greater than 0",
                "optimizer.weight_dcay=1|optimizer.weight_dcay|nearest: optimizer.weight_decay",
                "train.epochs=many|train.epochs=many|whole number",
                "probe.classes=1|probe.classes=1: is 1|must be at least 2",
            })
    void badSettingIsRefusedByName(String assignment, String what, String expected) {
        var absolute = assignment.startsWith("data.train=") || assignment.startsWith("data.val=")
                ? assignment.replaceFirst("=", "=" + folder + "/")
                : assignment;
        assertRefused(project.trained("run", absolute), what, expected);
        assertFalse(Files.exists(project.run("run")), "nothing is left behind");
    }

    @Test
    void allFaultsOfARecipeAreToldAtOnce() {
        assertRefused(
                project.trained("run", "data.batch=0", "optimizer.lr=0", "views.globl=1"),
                "3 faults",
                "data.batch",
                "optimizer.lr",
                "views.globl");
    }

    @Test
    void emptyFolderIsRefused() throws IOException {
        var empty = Files.createDirectory(project.run("empty"));
        assertRefused(project.trained("run", "data.train=" + empty), "data.train: " + empty + ": holds no images");
    }

    @Test
    void classFolderWithoutImagesIsRefusedByName() throws IOException {
        Files.createDirectory(project.train().resolve("class2"));
        assertRefused(project.trained("run"), "1 of 3 class folders hold no images", "class2");
    }

    @Test
    void heldOutImagesOfOtherClassesAreRefused() throws IOException {
        Files.move(project.val().resolve("class1"), project.val().resolve("other"));
        assertRefused(project.trained("run"), "data.val: " + project.val(), "missing: class1; surplus: other");
    }

    @Test
    void recipeThatIsNotThereOrNoneIsRefused() {
        assertRefused(Told.by("train", "--config", folder.resolve("r.yaml").toString()), "r.yaml: no such recipe");
        assertRefused(Told.by("train"), "--config is missing");
        assertRefused(Told.by("train", "--resume"), "--resume needs --out RUN");
        assertRefused(Told.by("train", "--config", project.recipe().toString()), "data.train is not set");
    }

    @Test
    void deviceThatCannotBeUsedIsRefusedByName() {
        assertRefused(
                project.trained("run", "--device", "cuda:0"), "device 'cuda:0' needs ONNX Runtime's build for CUDA");
        assertRefused(project.trained("run", "--device", "tpu"), "device 'tpu' is unknown");
        assertFalse(Files.exists(project.run("run")));
    }

    @Test
    void folderThatHoldsARunOrAnythingElseIsNotWrittenOver() throws IOException {
        assertEquals(ExitCode.DONE, project.trained("run", "train.steps=1").code());
        assertRefused(project.trained("run", "train.steps=1"), "holds a run already; give --resume");
        assertRefused(project.trained("train"), "is not empty and holds no run");
        assertRefused(project.trained("tiny.yaml"), "is a file, must be a folder");
    }

    @Test
    void folderThatIsNoRunIsNotResumed() {
        assertRefused(project.resumed("train"), "is no run (no recipe.yaml in it)");
        assertRefused(project.resumed("nowhere"), "is no run (no recipe.yaml in it)");
    }

    @Test
    void resumingWithAnotherRecipeNamesEveryDifference() throws IOException {
        assertEquals(ExitCode.DONE, project.trained("run", "train.steps=2").code());
        var before = Files.readString(project.run("run").resolve("recipe.yaml"));
        assertRefused(
                project.resumed(
                        "run", "optimizer.lr=0.1", "seed=1", "train.epochs=7", "loss.slices=8", "train.steps=9"),
                "seed was 11, is 1",
                "optimizer.lr was 0.002, is 0.1",
                "train.epochs was 8, is 7",
                "loss.slices was 16, is 8");
        assertEquals(before, Files.readString(project.run("run").resolve("recipe.yaml")));
    }

    @Test
    void checkpointThatIsCutOffIsRefusedByNameAndNoOlderOneIsTaken() throws IOException {
        assertEquals(ExitCode.DONE, project.trained("run", "train.steps=4").code());
        var file = project.checkpoint("run", 4).resolve("optimizer.safetensors");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        assertTrue(Files.exists(project.checkpoint("run", 3)), "there is an older one");
        assertRefused(project.resumed("run", "train.steps=5"), "step-000004 is damaged", "optimizer.safetensors has");
    }

    @Test
    void checkpointWithOneWrongByteIsRefused() throws IOException {
        assertEquals(ExitCode.DONE, project.trained("run", "train.steps=2").code());
        var file = project.checkpoint("run", 2).resolve("model.safetensors");
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertRefused(
                project.resumed("run", "train.steps=3"),
                "step-000002 is damaged",
                "model.safetensors is not what was saved");
    }

    @Test
    void checkpointWithoutItsManifestIsRefused() throws IOException {
        assertEquals(ExitCode.DONE, project.trained("run", "train.steps=2").code());
        Files.delete(project.checkpoint("run", 2).resolve("manifest.json"));
        assertRefused(project.resumed("run", "train.steps=3"), "step-000002 is damaged: manifest.json is missing");
    }

    @Test
    void checkpointWithMissingTensorsNamesThem() throws IOException {
        assertEquals(ExitCode.DONE, project.trained("run", "train.steps=2").code());
        var checkpoint = project.checkpoint("run", 2);
        new SafetensorsWriter(Map.of())
                .add(TensorInfo.of("cls_token", ElementType.F32, 1), MemorySegment.ofArray(new float[1]))
                .write(checkpoint.resolve("model.safetensors"));
        signAgain(checkpoint);
        assertRefused(
                project.resumed("run", "train.steps=3"),
                "model.safetensors",
                "tensors do not fit",
                "cls_token is F32 [1] where the program has F32 [1, 1, 24]",
                "pos_embed is missing");
    }

    /// Makes the manifest agree with the files, so that their contents are what is looked at.
    private static void signAgain(Path checkpoint) throws IOException {
        var manifest = checkpoint.resolve("manifest.json");
        var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
        var root = mapper.readTree(manifest.toFile());
        for (var entry : root.get("files")) {
            var file = checkpoint.resolve(entry.get("name").asText());
            ((com.fasterxml.jackson.databind.node.ObjectNode) entry)
                    .put("bytes", Files.size(file))
                    .put("sha256", sha256(Files.readAllBytes(file)));
        }
        mapper.writeValue(manifest.toFile(), root);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
