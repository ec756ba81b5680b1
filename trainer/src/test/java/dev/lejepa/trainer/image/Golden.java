package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.npy.NpyArray;
import dev.lejepa.graphs.npy.NpyFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Images and numbers that PIL 9.4 and torchvision 0.14 produced.
final class Golden {
    static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);
    static final List<Double> STD = List.of(0.229, 0.224, 0.225);

    private Golden() {}

    static Path path(String resource) {
        try {
            return Path.of(Objects.requireNonNull(Golden.class.getResource(resource), resource)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static RgbImage image(String resource) {
        NpyArray array = NpyFile.read(path(resource));
        return new RgbImage(
                array.shape().get(1).intValue(), array.shape().get(0).intValue(), array.toBytes());
    }

    static float[] floats(String resource) {
        return NpyFile.read(path(resource)).toFloats();
    }

    /// The 224 px photograph that most golden cases start from.
    static RgbImage photo() throws BrokenImageException {
        RgbImage image = new RgbImage();
        new ImageDecoder().decode(path("golden/png0.png"), image);
        return image;
    }

    static PlanarImage planar(RgbImage image) {
        PlanarImage planar = new PlanarImage();
        planar.load(image);
        return planar;
    }

    static void assertSamePixels(RgbImage expected, PlanarImage actual) {
        RgbImage stored = new RgbImage();
        actual.store(stored);
        assertSamePixels(expected, stored);
    }

    static void assertSamePixels(RgbImage expected, RgbImage actual) {
        assertEquals(expected.width() + " x " + expected.height(), actual.width() + " x " + actual.height());
        byte[] wanted = expected.toArray();
        byte[] found = actual.toArray();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] != found[i]) {
                int pixel = i / 3;
                assertEquals(
                        wanted[i] & 0xFF,
                        found[i] & 0xFF,
                        "color " + i % 3 + " at row " + pixel / expected.width() + ", column "
                                + pixel % expected.width());
            }
        }
    }
}
