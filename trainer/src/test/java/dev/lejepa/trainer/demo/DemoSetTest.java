package dev.lejepa.trainer.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.trainer.data.ImageFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemoSetTest {
    private static final int PIXELS = DemoPainter.SIZE * DemoPainter.SIZE;
    private static final List<Motif> MOTIFS = List.of(Motif.values());

    @Test
    void tenClassesOfTrainingAndHeldOutImagesAreWritten(@TempDir Path root) throws IOException {
        DemoSet.write(root, 0, 3, 2);
        ImageFolder train = ImageFolder.of(root.resolve("train"));
        ImageFolder val = ImageFolder.of(root.resolve("val"));
        assertEquals(10, train.classes().size());
        assertEquals(DemoSet.CLASSES, train.classes().size());
        assertEquals(train.classes(), val.classes());
        assertEquals(30, train.size());
        assertEquals(20, val.size());
    }

    @Test
    void theSameSeedWritesTheSameFiles(@TempDir Path a, @TempDir Path b) throws IOException {
        DemoSet.write(a, 5, 2, 1);
        DemoSet.write(b, 5, 2, 1);
        ImageFolder folder = ImageFolder.of(a.resolve("train"));
        for (int i = 0; i < folder.size(); i++) {
            assertEquals(-1, Files.mismatch(folder.path(i), b.resolve("train").resolve(folder.name(i))));
        }
        DemoSet.write(b, 6, 2, 1);
        assertNotEquals(-1, Files.mismatch(folder.path(0), b.resolve("train").resolve(folder.name(0))));
    }

    /// Pinned so that a seed's images stay the same from machine to machine and release to release.
    @Test
    void pixelsOfASeedAreThese() {
        CRC32 sum = new CRC32();
        for (Motif motif : Motif.values()) {
            for (int rgb : pixels(motif, Nuisance.TRAINING, 0)) {
                sum.update(rgb >> 16);
                sum.update(rgb >> 8);
                sum.update(rgb);
            }
        }
        assertEquals("93122805", Long.toHexString(sum.getValue()));
    }

    /// A view without color must still show the motif: the pixels of figure and ground differ in luminance.
    @ParameterizedTest
    @EnumSource
    void theMotifStandsOutWithoutColor(Motif motif) {
        for (int i = 0; i < 20; i++) {
            double[] luminance = luminance(pixels(motif, Nuisance.HELD_OUT, i));
            Arrays.sort(luminance);
            double spread = luminance[PIXELS * 97 / 100] - luminance[PIXELS * 3 / 100];
            assertTrue(spread > 40, "image %d spans %.0f levels".formatted(i, spread));
        }
    }

    /// Chance is 10 %. With 300 held-out images its standard error is 1.7 points, so 16 % is more than three of them.
    @Test
    void classMeansOfRawPixelsDoNoBetterThanChance() {
        int dims = PIXELS * 3;
        double[][] means = new double[DemoSet.CLASSES][dims];
        for (int c = 0; c < DemoSet.CLASSES; c++) {
            for (int i = 0; i < 60; i++) {
                add(pixels(MOTIFS.get(c), Nuisance.TRAINING, i), means[c]);
            }
        }
        int right = 0;
        for (int c = 0; c < DemoSet.CLASSES; c++) {
            for (int i = 0; i < 30; i++) {
                double[] image = new double[dims];
                add(pixels(MOTIFS.get(c), Nuisance.HELD_OUT, 1000 + i), image);
                right += nearest(image, means, 60) == c ? 1 : 0;
            }
        }
        assertTrue(right < 0.16 * 300, right + " of 300 held-out images recognized");
    }

    private static int nearest(double[] image, double[][] sums, int count) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < sums.length; c++) {
            double distance = 0;
            for (int i = 0; i < image.length; i++) {
                double d = image[i] - sums[c][i] / count;
                distance += d * d;
            }
            if (distance < least) {
                least = distance;
                best = c;
            }
        }
        return best;
    }

    private static void add(int[] pixels, double[] to) {
        for (int i = 0; i < pixels.length; i++) {
            to[3 * i] += pixels[i] >> 16 & 0xFF;
            to[3 * i + 1] += pixels[i] >> 8 & 0xFF;
            to[3 * i + 2] += pixels[i] & 0xFF;
        }
    }

    private static double[] luminance(int[] pixels) {
        return Arrays.stream(pixels)
                .mapToDouble(rgb -> 0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF))
                .toArray();
    }

    private static int[] pixels(Motif motif, Nuisance nuisance, int image) {
        Key key = Key.of(0, "test").fold(motif.folder()).fold(image);
        BufferedImage painted = DemoPainter.paint(motif, nuisance, key.draws());
        return painted.getRGB(0, 0, DemoPainter.SIZE, DemoPainter.SIZE, null, 0, DemoPainter.SIZE);
    }
}
