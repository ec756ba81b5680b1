package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Hundreds of small files and what PIL makes of them, written by `tools/interop/image_corpus.py`. The system property
/// `corpus` names a folder that the script has written, to be taken instead of the frozen part.
class ImageCorpusTest {
    private static final int DAMAGES = 3;

    /// What a file of the corpus is to become.
    ///
    /// @param expected size and hash of the pixels, or nothing where PIL refuses the file
    private record Entry(String name, byte[] file, Optional<String> expected) {}

    @Test
    void everyFileThatPilReadsHasThePixelsOfPil() throws IOException {
        List<String> faults = new ArrayList<>();
        int read = 0;
        ImageDecoder decoder = new ImageDecoder();
        RgbImage image = new RgbImage();
        for (Entry entry : corpus()) {
            Optional<String> expected = entry.expected();
            try {
                decoder.decode(entry.name(), entry.file(), entry.file().length, image);
                read++;
                String found = describe(image);
                if (!expected.orElse(found).equals(found)) {
                    faults.add(entry.name() + ": " + found + " where PIL has " + expected.get());
                }
            } catch (BrokenImageException e) {
                if (expected.isPresent()) {
                    faults.add(e.getMessage());
                }
            }
        }
        assertEquals("", String.join("\n", faults));
        assertTrue(read > 100, read + " files were read");
    }

    @Test
    void damageEndsInAnImageOrInAReason() throws IOException {
        Random random = new Random(5);
        ImageDecoder decoder = new ImageDecoder();
        RgbImage image = new RgbImage();
        for (Entry entry : corpus()) {
            for (int damage = 0; damage < DAMAGES && entry.file().length > 0; damage++) {
                byte[] file = entry.file().clone();
                for (int k = 0; k <= damage; k++) {
                    file[random.nextInt(Math.min(file.length, 40 << 2 * damage))] = (byte) random.nextInt(256);
                }
                decode(decoder, entry.name(), file, damage == 0 ? file.length : random.nextInt(file.length), image);
            }
        }
    }

    private static void decode(ImageDecoder decoder, String name, byte[] file, int count, RgbImage image) {
        try {
            ImageHeader header = ImageHeader.parseAll(name, Bytes.of(file, count));
            if ((long) header.width() * header.height() < 1 << 22) {
                decoder.decode(name, file, count, image);
                assertEquals(3L * header.width() * header.height(), image.bytes(), name);
            }
        } catch (BrokenImageException e) {
            assertFalse(e.reason().isBlank(), name);
        }
    }

    private static List<Entry> corpus() throws IOException {
        String folder = System.getProperty("corpus");
        if (folder != null) {
            return entries(Path.of(folder));
        }
        try (FileSystem frozen = FileSystems.newFileSystem(Golden.path("corpus.zip"))) {
            return entries(frozen.getPath("/"));
        }
    }

    private static List<Entry> entries(Path folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("index.tsv"))) {
            String[] columns = line.split("\t");
            boolean refused = columns[1].equals("refused");
            String pixels = refused ? "" : columns[1] + " x " + columns[2] + " " + columns[3];
            byte[] file = Files.readAllBytes(folder.resolve(columns[0]));
            entries.add(new Entry(columns[0], file, refused ? Optional.empty() : Optional.of(pixels)));
        }
        return entries;
    }

    private static String describe(RgbImage image) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(image.toArray());
            return image.width() + " x " + image.height() + " " + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
