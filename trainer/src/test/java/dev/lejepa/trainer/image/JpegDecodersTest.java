package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.trainer.codec.TurboJpeg;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The system's libturbojpeg, where there is one, beside the decoder that comes with this program. The system property
/// `jpegs` names a folder of files to be compared as well.
class JpegDecodersTest {
    private JpegDecoder own = new JpegDecoder(Optional.empty(), JpegReader.any());
    private JpegDecoder system = own;

    @BeforeEach
    void requireBoth() {
        Optional<TurboJpeg> turbo = TurboJpeg.open();
        assumeTrue(turbo.isPresent(), "no libturbojpeg on this system");
        system = new JpegDecoder(turbo, JpegReader.any());
    }

    @Test
    void giveTheSamePixelsAndTheSameReasons(@TempDir Path empty) throws IOException {
        String more = System.getProperty("jpegs");
        int compared = compare(Golden.path("formats"))
                + compare(Golden.path("golden"))
                + compare(more == null ? empty : Path.of(more));
        try (FileSystem corpus = FileSystems.newFileSystem(Golden.path("corpus.zip"))) {
            compared += compare(corpus.getPath("/"));
        }
        assertTrue(compared > 100, compared + " files");
    }

    /// Any damage beyond the header may be seen by one and not by the other, unless both are asked.
    @Test
    void agreeOnDamagedFiles() throws IOException {
        Random random = new Random(8);
        byte[] whole = Files.readAllBytes(Golden.path("formats/jpeg_420.jpg"));
        for (int n = 0; n < 300; n++) {
            byte[] file = whole.clone();
            file[file.length - 1 - random.nextInt(file.length / 2)] = (byte) random.nextInt(256);
            int count = n % 2 == 0 ? file.length : file.length - random.nextInt(40);
            Bytes bytes = Bytes.of(file, count);
            assertEquals(outcome(own, bytes, 1), outcome(system, bytes, 1), "damage " + n);
        }
    }

    /// What of a picture is decoded alone has the pixels that it has in the whole.
    @Test
    void aPartHasThePixelsOfTheWhole() throws IOException, BrokenImageException {
        assumeTrue(TurboJpeg.open().orElseThrow().hasRegions(), "libturbojpeg before 3.0");
        String more = System.getProperty("jpegs");
        Random random = new Random(4);
        for (Path file : jpegs(more == null ? Golden.path("formats") : Path.of(more))) {
            byte[] bytes = Files.readAllBytes(file);
            Bytes all = Bytes.of(bytes, bytes.length);
            for (int reduction = 1; reduction <= 8; reduction *= 2) {
                RgbImage whole = new RgbImage();
                RgbImage part = new RgbImage();
                try {
                    own.decode("x", all, new Extent(reduction, Optional.empty()), whole);
                    Box box = box(whole.wholeWidth(), whole.wholeHeight(), random);
                    system.decode("x", all, new Extent(reduction, Optional.of(box)), part);
                    assertSame(whole, whole.located(box), part, part.located(box), file + " by " + reduction);
                } catch (BrokenImageException e) {
                    // compared above
                }
            }
        }
    }

    private static void assertSame(RgbImage a, Box inA, RgbImage b, Box inB, String message) {
        assertEquals(inA.height() + " x " + inA.width(), inB.height() + " x " + inB.width(), message);
        byte[] rowOfA = new byte[3 * inA.width()];
        byte[] rowOfB = rowOfA.clone();
        for (int y = 0; y < inA.height(); y++) {
            a.getRow(inA.top() + y, inA.left(), inA.width(), rowOfA);
            b.getRow(inB.top() + y, inB.left(), inB.width(), rowOfB);
            assertArrayEquals(rowOfA, rowOfB, message + ", " + inA + " row " + y);
        }
    }

    private static Box box(int width, int height, Random random) {
        int w = 1 + random.nextInt(width);
        int h = 1 + random.nextInt(height);
        return new Box(random.nextInt(height - h + 1), random.nextInt(width - w + 1), h, w);
    }

    private int compare(Path folder) throws IOException {
        List<Path> files = jpegs(folder);
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            Bytes all = Bytes.of(bytes, bytes.length);
            for (int reduction = 1; reduction <= 8; reduction *= 2) {
                assertEquals(outcome(own, all, reduction), outcome(system, all, reduction), file + " by " + reduction);
            }
        }
        return files.size();
    }

    private static List<Path> jpegs(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(f -> f.toString().matches("(?i).*[.]jpe?g"))
                    .sorted()
                    .toList();
        }
    }

    private static String outcome(JpegDecoder decoder, Bytes bytes, int reduction) {
        RgbImage image = new RgbImage();
        try {
            decoder.decode("x", bytes, new Extent(reduction, Optional.empty()), image);
            return image.width() + " x " + image.height() + " " + HexFormat.of().formatHex(image.toArray());
        } catch (BrokenImageException e) {
            return e.getMessage();
        }
    }
}
