package dev.lejepa.trainer.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.trainer.train.TrainEvent;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The expected bytes were written by TensorBoard's own RecordWriter and message classes (2.21).
final class TensorBoardTest {
    private static final double TIME = 1700000000.25;

    @TempDir
    private Path folder;

    @Test
    void versionRecordEqualsTensorBoards() {
        assertBytes(
                "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9",
                TensorBoardEvents.version(TIME));
    }

    @Test
    void restartRecordEqualsTensorBoards() {
        assertBytes(
                "0f000000000000006d532b090900001040fc54d94110063a020801ed1039ae", TensorBoardEvents.restart(TIME, 6));
    }

    @Test
    void scalarsRecordEqualsTensorBoards() {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", 0.4375);
        values.put("train/lr", Double.NaN);
        assertBytes(
                "3200000000000000241956ec0900001040fc54d94110ac022a240a110a0a747261696e2f6c6f7373150000e03e0a0f0a08747261"
                        + "696e2f6c72150000c07f49dae7ff",
                TensorBoardEvents.scalars(TIME, 300, values));
    }

    @Test
    void imageRecordEqualsTensorBoards() {
        assertBytes(
                "2400000000000000422b804d0900001040fc54d94110012a170a150a057669657773220c080210031803220489504e47f439226a",
                TensorBoardEvents.image(TIME, 1, "views", 3, 2, new byte[] {(byte) 0x89, 'P', 'N', 'G'}));
    }

    /// 550 bytes between the frame's, by their digest.
    @Test
    void histogramRecordEqualsTensorBoards() throws NoSuchAlgorithmException {
        byte[] record = TensorBoardEvents.histogram(TIME, 50, "health", new double[] {-3, -1.5, -1.5, 1});
        byte[] data = Arrays.copyOfRange(record, 12, record.length - 4);
        assertEquals(
                "28f4b336bca157561cdc6c4963af76cf1e2d0397e175b0f6cf7534ca8760f42b",
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data)));
    }

    @Test
    void healthIsCurvesAndAHistogram() throws IOException {
        try (TensorBoardFile file = TensorBoardFile.create(folder, () -> Events.NOON)) {
            file.on(Events.health(50));
        }
        String text = Files.readString(onlyFile(), StandardCharsets.ISO_8859_1);
        for (String name : List.of("rankme", "lidar", "alignment", "uniformity", "dead", "spectrum_log10")) {
            assertTrue(text.contains("health/embedding/" + name), name);
        }
    }

    @Test
    void resumedRunBeginsALaterFile() throws IOException {
        try (TensorBoardFile events = TensorBoardFile.create(folder, () -> Events.NOON)) {
            events.on(Events.step(1));
        }
        TensorBoardFile.resume(folder, 5, () -> Events.NOON).close();
        try (var files = Files.list(folder)) {
            List<Path> sorted = files.sorted().toList();
            assertEquals(2, sorted.size());
            double time = Events.NOON.getEpochSecond() + 0.25;
            byte[] version = TensorBoardEvents.version(time);
            byte[] restart = TensorBoardEvents.restart(time, 6);
            byte[] second = Files.readAllBytes(sorted.get(1));
            assertEquals(version.length + restart.length, second.length);
            assertArrayEquals(restart, Arrays.copyOfRange(second, version.length, second.length));
        }
    }

    @Test
    void fileOfAResumedRunIsTheLastOneEvenWhenTheClockWasSetBack() throws IOException {
        TensorBoardFile.create(folder, () -> Events.NOON).close();
        var first = Files.size(onlyFile());
        TensorBoardFile.resume(folder, 5, () -> Events.NOON.minusSeconds(86_400))
                .close();
        TensorBoardFile.resume(folder, 6, () -> Events.NOON.minusSeconds(9_000_000))
                .close();
        try (var files = Files.list(folder)) {
            List<Path> sorted = files.sorted().toList();
            assertEquals(3, sorted.size());
            assertEquals(first, Files.size(sorted.get(0)), "only files of resumed runs are longer");
            byte[] last = TensorBoardEvents.restart(Events.NOON.getEpochSecond() + 0.25 - 9_000_000, 7);
            assertTrue(HexFormat.of()
                    .formatHex(Files.readAllBytes(sorted.get(2)))
                    .endsWith(HexFormat.of().formatHex(last)));
        }
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void pictureIsStoredWithItsSize() throws IOException {
        Path png = folder.resolve("views.png");
        ImageIO.write(new BufferedImage(20, 14, BufferedImage.TYPE_INT_RGB), "png", png.toFile());
        Path events = folder.resolve("tensorboard");
        try (TensorBoardFile file = TensorBoardFile.create(events, () -> Events.NOON)) {
            file.on(new TrainEvent.PictureSaved(1, "views", png));
        }
        try (var files = Files.list(events)) {
            byte[] bytes = Files.readAllBytes(files.findFirst().orElseThrow());
            byte[] expected = TensorBoardEvents.image(
                    Events.NOON.getEpochSecond() + 0.25, 1, "views", 20, 14, Files.readAllBytes(png));
            assertTrue(HexFormat.of().formatHex(bytes).endsWith(HexFormat.of().formatHex(expected)));
        }
    }

    private static void assertBytes(String hex, byte[] actual) {
        assertEquals(hex, HexFormat.of().formatHex(actual));
    }
}
