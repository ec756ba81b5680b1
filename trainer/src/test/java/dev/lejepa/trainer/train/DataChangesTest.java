package dev.lejepa.trainer.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.data.ImageCensus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataChangesTest {
    private static ImageCensus census(String hash, Object... classes) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (var i = 0; i < classes.length; i += 2) {
            counts.put((String) classes[i], (Integer) classes[i + 1]);
        }
        return new ImageCensus(
                counts.values().stream().mapToInt(Integer::intValue).sum(), counts, hash, null);
    }

    private static RunData data(int probe, ImageCensus train, @Nullable ImageCensus val) {
        return new RunData(probe, train, val);
    }

    @Test
    void differencesAreSaidInNumbers() {
        var before = data(2, census("1", "a", 20, "b", 20), census("v", "a", 3, "b", 3));
        var now = data(2, census("2", "a", 44, "zebra", 20), census("w", "a", 3, "b", 3));
        assertEquals(
                List.of(
                        "data.train: 64 images where the run began with 40; classes added: zebra (20); classes gone: b"
                                + " (20); images of classes: a 44 instead of 20; steps per epoch 5 -> 8",
                        "data.val: 6 images as before, but names or sizes of files differ"),
                DataChanges.between(before, now, 8).all());
    }

    @Test
    void anotherOrderOfTheSameImagesIsADifference() {
        var one = census("1", "a", 20);
        var other = new ImageCensus(one.images(), one.classes(), one.sha256(), "weights");
        assertEquals(
                List.of("data.train: epochs follow other blocks or weights"),
                DataChanges.between(data(1, one, null), data(1, other, null), 4).all());
    }

    @Test
    void sameImagesAreNoDifference() {
        var one = data(2, census("1", "a", 20), null);
        assertTrue(
                DataChanges.between(one, data(2, census("1", "a", 20), null), 8).none());
    }

    @Test
    void heldOutImagesThatComeOrGoAreADifference() {
        var without = data(2, census("1", "a", 20), null);
        var with = data(2, census("1", "a", 20), census("v", "a", 3));
        assertEquals(
                "data.val: 3 images where the run began with no",
                DataChanges.between(without, with, 8).toString());
        assertEquals(
                "data.val: no images where the run began with 3",
                DataChanges.between(with, without, 8).toString());
    }

    @Test
    void anotherNumberOfClassesIsAnotherProbe() {
        var changes =
                DataChanges.between(data(2, census("1", "a", 4, "b", 4), null), data(0, census("2", "a", 8), null), 8);
        assertEquals(Optional.of("the online probe tells 0 classes apart where the run's tells 2"), changes.probe());
        assertFalse(changes.none());
    }

    @Test
    void recordComesBackFromItsFileAndADamagedOneIsRefused(@TempDir Path run) throws IOException {
        var folder = new RunFolder(run);
        assertEquals(Optional.empty(), RunData.read(folder));
        for (var val : new ImageCensus[] {null, census("v", "b", 1, "a", 2)}) {
            var data = data(2, census("1", "z", 20, "a", 20), val);
            data.write(folder);
            assertEquals(Optional.of(data), RunData.read(folder));
        }
        for (var text : List.of("", "null", "{}", "[1", "{\"probe_classes\":1,\"train\":null,\"val\":null}")) {
            Files.writeString(folder.data(), text);
            var refused = assertThrows(BadInputException.class, () -> RunData.read(folder), text);
            assertTrue(refused.getMessage().startsWith(folder.data() + " is damaged: "), refused.getMessage());
            assertEquals(1, refused.getMessage().lines().count());
        }
    }
}
