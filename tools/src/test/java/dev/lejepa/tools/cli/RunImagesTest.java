package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that are to go on with other images than they began with.
class RunImagesTest {
    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void begin() throws IOException {
        project = TinyProject.in(folder);
        done(project.trained("run", "train.steps=2"));
    }

    private static void done(Told told) {
        assertEquals(ExitCode.DONE, told.code(), told.err());
    }

    private void assertRefused(Told told, String... parts) throws IOException {
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertEquals(1, told.err().lines().count(), told.err());
        for (var part : parts) {
            assertTrue(told.err().contains(part), told.err());
        }
        assertEquals(2, project.metrics("run", "step").size());
    }

    private void add(Path root, String name) throws IOException {
        Files.createDirectories(root.resolve(name).getParent());
        TinyProject.image(root.resolve(name), Key.of(9).draws());
    }

    @Test
    void addedImagesAreRefusedInNumbersAndAcceptedOnesAreToldAndRecorded() throws IOException {
        add(project.train(), "class0/more/1.png");
        add(project.train(), "class0/2-new.png");
        assertRefused(
                project.resumed("run", "train.steps=4"),
                "data.train: 16 images where the run began with 14; images of classes: class0 9 instead of 7; steps per"
                        + " epoch 3 -> 4",
                "--accept-data to go on");
        var told = project.resumed("run", "train.steps=4", "--accept-data");
        done(told);
        assertTrue(told.words().contains("16 images where the run began with 14"), told.words());
        var warning = project.metrics("run", "warning").getFirst();
        assertEquals("data", warning.get("about").asText());
        done(project.resumed("run", "train.steps=5"));
        assertEquals(1, project.metrics("run", "warning").size(), "they are the run's images by now");
    }

    @Test
    void renamedAndChangedFilesAndThoseHeldOutAreSeen() throws IOException {
        Files.move(project.train().resolve("class1/3.png"), project.train().resolve("class1/33.png"));
        assertRefused(project.resumed("run", "train.steps=4"), "data.train: 14 images as before, but names or sizes");
        Files.move(project.train().resolve("class1/33.png"), project.train().resolve("class1/3.png"));
        Files.delete(project.val().resolve("class1/2.png"));
        assertRefused(project.resumed("run", "train.steps=4"), "data.val: 5 images where the run began with 6");
        done(project.resumed("run", "train.steps=4", "--accept-data"));
    }

    @Test
    void anotherNumberOfClassesDoesNotFitTheProbeAndIsNotAcceptedEither() throws IOException {
        add(project.train(), "zebra/1.png");
        add(project.val(), "zebra/1.png");
        for (var more : new String[][] {{"train.steps=4"}, {"train.steps=4", "--accept-data"}}) {
            assertRefused(
                    project.resumed("run", more),
                    "classes added: zebra (1)",
                    "the online probe tells 3 classes apart where the run's tells 2",
                    "--accept-data cannot go on");
        }
    }

    @Test
    void runWithoutARecordOfItsImagesIsWarnedOnceAndRecordsThem() throws IOException {
        Files.delete(project.run("run").resolve("data.json"));
        var told = project.resumed("run", "train.steps=3");
        done(told);
        assertTrue(told.words().contains("data.json is missing"), told.words());
        done(project.resumed("run", "train.steps=4"));
        assertEquals(1, project.metrics("run", "warning").size());
        add(project.train(), "class0/8.png");
        assertEquals(ExitCode.BAD_INPUT, project.resumed("run", "train.steps=5").code());
    }

    @Test
    void acceptDataIsForRunsThatGoOn() {
        var told = project.trained("other", "--accept-data");
        assertEquals(ExitCode.BAD_INPUT, told.code());
        assertTrue(told.err().contains("--accept-data is for runs that go on: it needs --resume"), told.err());
    }
}
