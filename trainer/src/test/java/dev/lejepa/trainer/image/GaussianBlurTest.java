package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GaussianBlurTest {
    @ParameterizedTest
    @CsvSource({"0, 7, 0.1", "1, 7, 0.5", "2, 7, 1.0", "3, 7, 2.0", "4, 23, 0.1", "5, 23, 1.0", "6, 23, 2.0"})
    void equalsTorchvision(int variant, int kernel, double sigma) {
        PlanarImage image = Golden.planar(Golden.image("golden/cifar.npy"));
        new GaussianBlur().apply(image, kernel, sigma);
        Golden.assertSamePixels(Golden.image("golden/blur_b" + variant + ".npy"), image);
    }

    /// The fast sum with its exceptions gives what the long sum alone gives, on 100,000 random values a case.
    @ParameterizedTest
    @CsvSource({"7, 0.7, 0", "7, 1.9, 200", "23, 1.3, 0", "23, 2.0, 240", "3, 5.0, 0", "31, 9.0, 100"})
    void equalsTheLongSumEverywhere(int side, double sigma, int darkest) {
        int width = 187;
        int height = 178;
        byte[] data = new byte[3 * width * height];
        Random random = new Random(side);
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (darkest + random.nextInt(256 - darkest));
        }
        RgbImage source = new RgbImage(width, height, data);
        PlanarImage image = Golden.planar(source);
        new GaussianBlur().apply(image, side, sigma);
        Golden.assertSamePixels(longSum(source, side, sigma), image);
    }

    @Test
    void oneInstanceServesImagesOfAllSizes() {
        GaussianBlur blur = new GaussianBlur();
        for (int[] size : new int[][] {{40, 30}, {300, 12}, {12, 300}, {33, 64}}) {
            byte[] data = new byte[3 * size[0] * size[1]];
            RgbImage image = new RgbImage(size[0], size[1], data);
            new Random(1).nextBytes(data);
            PlanarImage reused = Golden.planar(image);
            blur.apply(reused, 23, 1.5);
            Golden.assertSamePixels(longSum(image, 23, 1.5), reused);
        }
    }

    @Test
    void kernelThatReachesBeyondTheMirrorIsRefused() {
        PlanarImage image = Golden.planar(new RgbImage(11, 40, new byte[3 * 11 * 40]));
        assertThrows(IllegalArgumentException.class, () -> new GaussianBlur().apply(image, 23, 1));
    }

    private static RgbImage longSum(RgbImage in, int side, double sigma) {
        GaussianKernel kernel = new GaussianKernel();
        kernel.prepare(side, sigma);
        byte[] from = in.toArray();
        byte[] out = new byte[from.length];
        int half = side / 2;
        for (int y = 0; y < in.height(); y++) {
            for (int x = 0; x < in.width(); x++) {
                for (int c = 0; c < 3; c++) {
                    float acc = 0;
                    for (int dy = -half; dy <= half; dy++) {
                        for (int dx = -half; dx <= half; dx++) {
                            int at = mirror(y + dy, in.height()) * in.width() + mirror(x + dx, in.width());
                            float weight = kernel.weight(Math.abs(dy)) * kernel.weight(Math.abs(dx));
                            acc = Math.fma(from[3 * at + c] & 0xFF, weight, acc);
                        }
                    }
                    out[3 * (y * in.width() + x) + c] = (byte) Math.rint(acc);
                }
            }
        }
        return new RgbImage(in.width(), in.height(), out);
    }

    private static int mirror(int i, int size) {
        if (i < 0) {
            return -i;
        }
        return i < size ? i : 2 * size - 2 - i;
    }
}
