package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.safetensors.ElementType;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.graphs.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Training in several processes, which are threads here, beside training in one. Sums over images are added in another
/// order, so last digits differ. A bias in front of a BatchNorm has a gradient of rounding alone, of which Adam makes a
/// whole step: so the backbone's steps are short here, its first moments tell what its gradients were, and the probe
/// learns at its own rate.
@Timeout(120)
class SharedTrainingTest {
    private static final double TOLERANCE = 1e-5;

    private static final String[] RECIPE = {
        "model.backbone.depth=2", "model.backbone.drop_path_rate=0.2", "optimizer.lr=1e-6"
    };

    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void project() throws IOException {
        project = TinyProject.in(folder);
    }

    private List<String> words(String run, String... more) {
        var words = project.trainWords("--out", project.run(run).toString());
        return all(words, Stream.concat(Stream.of(RECIPE), Stream.of(more)));
    }

    private List<String> resumeWords(String run, String... more) {
        return all(List.of("train", "--resume", "--out", project.run(run).toString()), Stream.of(more));
    }

    private static List<String> all(List<String> first, Stream<String> sets) {
        var words = new ArrayList<>(first);
        words.addAll(List.of("--threads", "1"));
        sets.forEach(word -> words.addAll(List.of("--set", word)));
        return words;
    }

    /// All but the first one are silent.
    private static Told done(int ranks, List<String> words) {
        var told = Told.together(Collections.nCopies(ranks, words));
        for (var each : told) {
            assertEquals(
                    ExitCode.DONE,
                    each.code(),
                    told.stream().map(Told::words).toList().toString());
        }
        for (var other : told.subList(1, ranks)) {
            assertEquals("", other.words());
        }
        return told.getFirst();
    }

    private void assertClose(String expected, String found, long step) throws IOException {
        var lines = project.metrics(expected, "step");
        var others = project.metrics(found, "step");
        assertEquals(lines.size(), others.size());
        for (var i = 0; i < lines.size(); i++) {
            for (var key : List.of("step", "epoch", "loss", "invariance", "sigreg", "probe_loss", "lr")) {
                var value = lines.get(i).get(key).asDouble();
                var other = others.get(i).get(key).asDouble();
                assertEquals(value, other, TOLERANCE * Math.max(1, Math.abs(value)), key + " of line " + i);
            }
        }
        assertClose(
                project.checkpoint(expected, step).resolve("model.safetensors"),
                project.checkpoint(found, step).resolve("model.safetensors"),
                "");
        assertClose(
                project.checkpoint(expected, step).resolve("optimizer.safetensors"),
                project.checkpoint(found, step).resolve("optimizer.safetensors"),
                "moment1");
    }

    /// All numbers of tensors of a name, within the tolerance of the largest of them.
    private static void assertClose(Path expected, Path found, String named) throws IOException {
        try (var one = SafetensorsFile.open(expected);
                var two = SafetensorsFile.open(found)) {
            var names = one.tensors().values().stream()
                    .filter(tensor -> tensor.type() == ElementType.F32)
                    .map(TensorInfo::name)
                    .filter(name -> name.contains(named))
                    .toList();
            assertFalse(names.isEmpty());
            var largest = names.stream()
                    .map(one::floats)
                    .mapToDouble(SharedTrainingTest::largest)
                    .max()
                    .orElseThrow();
            for (var name : names) {
                assertArrayEquals(one.floats(name), two.floats(name), (float) (TOLERANCE * largest), name);
            }
        }
    }

    private static double largest(float[] values) {
        var largest = 0.0;
        for (var value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    @ParameterizedTest
    @CsvSource({"2,1", "2,2"})
    void ranksTrainWhatOneProcessTrains(int ranks, int microBatches) throws IOException {
        done(1, words("one", "train.steps=7"));
        var told = done(ranks, words("many", "train.steps=7", "train.micro_batches=" + microBatches));
        assertClose("one", "many", 7);
        assertTrue(told.words().contains("in each of %d processes".formatted(ranks)), told.words());
        assertEquals(
                project.metrics("one", "epoch").size(),
                project.metrics("many", "epoch").size());
        for (var i = 0; i < project.metrics("one", "epoch").size(); i++) {
            assertEquals(
                    project.metrics("one", "epoch").get(i).get("val_probe_loss").asDouble(),
                    project.metrics("many", "epoch")
                            .get(i)
                            .get("val_probe_loss")
                            .asDouble(),
                    TOLERANCE);
        }
    }

    @Test
    void theSameRanksGiveTheSameBits() throws IOException {
        done(2, words("one", "train.steps=4"));
        done(2, words("two", "train.steps=4"));
        assertEquals(project.losses("one"), project.losses("two"));
        for (var file : List.of("model.safetensors", "optimizer.safetensors")) {
            var a = project.checkpoint("one", 4).resolve(file);
            assertEquals(-1, Files.mismatch(a, project.checkpoint("two", 4).resolve(file)), file);
        }
    }

    /// In the middle of an epoch, by the run's own recipe, which only the first process sees.
    @Test
    void aRunGoesOnWithAnotherNumberOfRanks() throws IOException {
        done(1, words("one", "train.steps=10"));
        done(2, words("many", "train.steps=4"));
        var engine = Files.readString(project.run("many").resolve("engine.json"));
        assertTrue(engine.contains("\"ranks\" : 2") && !engine.contains("micro_batches"), engine);
        var told = done(3, resumeWords("many", "train.steps=7"));
        assertTrue(told.words().contains("2 processes shared its batches, now 3: sums may be added"), told.words());
        done(1, resumeWords("many", "train.steps=10"));
        assertClose("one", "many", 10);
    }

    /// Of a broken image the next one of the epoch takes the place, with its label, in whichever share it is.
    @Test
    void brokenImagesAreReplacedAsInOneProcess() throws IOException {
        breakImage("class0/2.png");
        done(1, words("one", "train.steps=6", "data.max_broken=0.2"));
        done(3, words("many", "train.steps=6", "data.max_broken=0.2"));
        assertClose("one", "many", 6);
        assertEquals(1, project.metrics("many", "warning").size(), "it is told once");
    }

    /// Each of two ranks may find one of them, or one finds both: together they are too many.
    @Test
    void tooManyBrokenImagesOfAllRanksEndAll() throws IOException {
        breakImage("class0/2.png");
        breakImage("class1/4.png");
        var told = Told.together(Collections.nCopies(2, words("run", "train.steps=6", "data.max_broken=0.1")));
        for (var each : told) {
            assertEquals(ExitCode.BAD_INPUT, each.code(), each.words());
        }
        assertTrue(
                told.getFirst().err().contains("2 of 14 images cannot be read"),
                told.getFirst().err());
        assertEquals("", told.getLast().words());
    }

    private void breakImage(String name) throws IOException {
        var file = project.train().resolve(name);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 700));
    }

    /// Rank 1 alone is asked to stop.
    @Test
    void aStopOfOneRankStopsAllAfterTheSameStep() throws IOException {
        var asked = new AtomicInteger();
        var told =
                Told.together(2, words("run", "train.steps=9"), rank -> () -> rank == 1 && asked.incrementAndGet() > 4);
        for (var each : told) {
            assertEquals(ExitCode.INTERRUPTED, each.code(), each.words());
        }
        var stopped = project.newest("run");
        assertTrue(stopped > 0 && stopped < 9, "stopped after step " + stopped);
        assertEquals(stopped, project.metrics("run", "step").size());
        done(2, words("whole", "train.steps=9"));
        done(2, resumeWords("run"));
        assertEquals(project.losses("whole"), project.losses("run"));
    }

    /// What goes wrong before a step is told to all by the first one.
    @Test
    void aFaultOfOneRankBeforeAStepEndsAllWithItsWords() throws IOException {
        var asked = new AtomicInteger();
        var told = Told.together(2, words("run", "train.steps=9"), rank -> () -> {
            if (rank == 1 && asked.incrementAndGet() > 4) {
                throw new IllegalStateException("out of luck");
            }
            return false;
        });
        for (var each : told) {
            assertEquals(ExitCode.FAULT, each.code(), each.words());
        }
        assertTrue(
                told.getFirst().err().contains("lejepa: rank 1: IllegalStateException: out of luck"),
                told.getFirst().err());
        assertEquals("", told.getLast().words());
        assertEquals(List.of("failed"), outcomes("run"));
    }

    private List<String> outcomes(String run) throws IOException {
        return project.metrics(run, "end").stream()
                .map(line -> line.get("outcome").asText())
                .toList();
    }

    /// Within a step others wait for the one that fails: it tells, and ends them.
    @Test
    void aFaultOfOneRankWithinAStepEndsAll() {
        var told = Told.together(ThreadRanks.failing(2, 1, 4), words("run", "train.steps=9"), _ -> () -> false);
        assertTrue(
                told.getLast().err().contains("lejepa: rank 1: IllegalStateException: a broken link"),
                told.getLast().err());
        for (var each : told) {
            assertTrue(each.err().endsWith("aborted"), each.err());
            assertFalse(each.code() == ExitCode.DONE);
        }
    }

    @Test
    void aLossThatIsNoNumberEndsAllAlike() throws IOException {
        var words = words("run", "train.steps=20", "optimizer.lr=1e30", "optimizer.warmup_epochs=0");
        var told = Told.together(Collections.nCopies(2, words));
        for (var each : told) {
            assertEquals(ExitCode.FAULT, each.code(), each.words());
        }
        assertTrue(
                told.getFirst().err().contains("optimizer.lr"), told.getFirst().err());
        assertEquals("", told.getLast().words());
    }

    /// As on processors of another kind. At each checkpoint they go on from the first one's parameters.
    @Test
    void ranksThatStrayAreToldOnceAndPutRight() throws IOException {
        var words =
                words("run", "train.steps=4", "train.checkpoint_every_steps=1", "train.checkpoint_every_epochs=null");
        for (var each : Told.together(ThreadRanks.straying(2), words, _ -> () -> false)) {
            assertEquals(ExitCode.DONE, each.code(), each.words());
        }
        var warnings = project.metrics("run", "warning");
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.getFirst().toString().contains("parameters of rank 1 differ"), warnings.toString());
    }

    /// The device has those of one micro-batch at a time.
    @Test
    void viewsThatAreMadeForMicroBatchesStandInTheRunsPicture() throws IOException {
        var device = new String[] {"train.steps=2", "views.on=device", "train.micro_batches=2"};
        done(1, words("whole", "train.steps=2", "views.on=device"));
        done(1, words("one", device));
        done(2, words("many", device));
        assertClose("whole", "one", 2);
        assertClose("whole", "many", 2);
        for (var run : List.of("one", "many")) {
            assertTrue(Files.size(project.run(run).resolve("views.png")) > 0, run);
        }
    }

    /// Its statistics are those of each rank's images, so the losses are others; those of the first rank are kept.
    @Test
    void aBackboneWithBatchNormIsTrainedWhereSharesAreEqual() throws IOException {
        var network =
                "model.backbone={name: resnet18, layers: [1, 1, 1, 1], channels: [8, 8, 8, 8], num_classes: 12, img_size: 32}";
        var views = "views={global: {count: 2, size: 32}, local: {count: 0}}";
        var told = Told.together(Collections.nCopies(3, words("run", network, views, "train.steps=2")));
        for (var each : told) {
            assertEquals(ExitCode.BAD_INPUT, each.code(), each.words());
        }
        assertEquals(1, told.getFirst().err().lines().count(), told.getFirst().err());
        done(2, words("run", network, views, "train.steps=2"));
        done(2, words("again", network, views, "train.steps=1"));
        done(2, resumeWords("again", "train.steps=2"));
        assertEquals(project.losses("run"), project.losses("again"));
    }
}
