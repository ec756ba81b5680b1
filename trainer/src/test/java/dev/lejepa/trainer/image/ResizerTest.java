package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizerTest {
    private final Resizer resizer = new Resizer();
    private final PlanarImage out = new PlanarImage();

    @ParameterizedTest
    @CsvSource({
        "0, 10, 20, 150, 180, 64, 64",
        "1, 50, 60, 40, 30, 64, 64",
        "3, 13, 7, 101, 57, 48, 48",
        "4, 100, 90, 64, 64, 64, 64",
        "5, 3, 150, 200, 9, 32, 40"
    })
    void resizedCropEqualsPil(int variant, int top, int left, int height, int width, int rows, int columns)
            throws BrokenImageException {
        resizer.resize(Golden.photo(), new Box(top, left, height, width), rows, columns, out);
        Golden.assertSamePixels(Golden.image("golden/crop" + variant + ".npy"), out);
    }

    @Test
    void evaluationTransformEqualsTorchvisionOnPil() throws BrokenImageException {
        RgbImage image = leftPart(Golden.photo());
        resizer.resize(image, Box.of(image), 78, 56, out);
        Golden.assertSamePixels(Golden.image("golden/resized_78x56.npy"), out);
        RgbImage square = new RgbImage();
        new EvalTransform(56).render(image, square);
        Golden.assertSamePixels(Golden.image("golden/eval_56.npy"), square);
    }

    @Test
    void bicubicEvaluationOfAPartOfTheImageEqualsTorchvisionOnPil() throws BrokenImageException {
        RgbImage square = new RgbImage();
        new EvalTransform(75, 48, Interpolation.BICUBIC).render(leftPart(Golden.photo()), square);
        Golden.assertSamePixels(Golden.image("golden/eval_bicubic_75_48.npy"), square);
    }

    @Test
    void centerCropOfOddSizeEqualsTorchvision() throws BrokenImageException {
        RgbImage image = leftPart(Golden.photo());
        resizer.resize(image, Box.of(image), 224, 160, Box.center(224, 160, 51, 57), out);
        Golden.assertSamePixels(Golden.image("golden/center_51x57.npy"), out);
    }

    /// Images of several strips of rows, with few taps and with hundreds: as the sums of all taps one by one.
    @ParameterizedTest
    @CsvSource({
        "BILINEAR, 700, 61, 90, 41",
        "BICUBIC, 700, 61, 90, 41",
        "BILINEAR, 1300, 19, 3, 2",
        "BILINEAR, 258, 530, 600, 1",
        "BICUBIC, 9, 9, 50, 70",
        "BILINEAR, 40, 30000, 20, 3"
    })
    void everyPixelIsTheSumOfItsTaps(Interpolation interpolation, int height, int width, int rows, int columns) {
        byte[] data = new byte[3 * width * height];
        new Random(7).nextBytes(data);
        new Resizer(interpolation)
                .resize(new RgbImage(width, height, data), new Box(0, 0, height, width), rows, columns, out);
        ResizeTaps across = new ResizeTaps(interpolation);
        across.prepare(width, columns, 0, columns);
        ResizeTaps down = new ResizeTaps(interpolation);
        down.prepare(height, rows, 0, rows);
        for (int c = 0; c < 3; c++) {
            int[] narrow = new int[height * columns];
            for (int i = 0; i < narrow.length; i++) {
                int y = i / columns;
                int color = c;
                narrow[i] = sum(across, i % columns, x -> data[3 * (y * width + x) + color] & 0xFF);
            }
            for (int i = 0; i < rows * columns; i++) {
                int x = i % columns;
                int expected = sum(down, i / columns, y -> narrow[y * columns + x]);
                assertEquals(expected, out.plane(c)[i], "color " + c + ", pixel " + i);
            }
        }
    }

    private static int sum(ResizeTaps taps, int output, IntUnaryOperator input) {
        int sum = 1 << ResizeTaps.FRACTION_BITS - 1;
        for (int k = 0; k < taps.count(output); k++) {
            sum += taps.weight(output, k) * input.applyAsInt(taps.first(output) + k);
        }
        return Math.clamp(sum >> ResizeTaps.FRACTION_BITS, 0, 255);
    }

    /// Rows of the ring buffer are reused across crops of different sizes: a second pass gives the same.
    @Test
    void scratchRowsDoNotLeakBetweenImages() {
        Random random = new Random(3);
        for (int trial = 0; trial < 50; trial++) {
            int width = 1 + random.nextInt(90);
            int height = 1 + random.nextInt(90);
            byte[] data = new byte[3 * width * height];
            random.nextBytes(data);
            RgbImage image = new RgbImage(width, height, data);
            int rows = 1 + random.nextInt(60);
            int columns = 1 + random.nextInt(60);
            resizer.resize(image, Box.of(image), rows, columns, out);
            RgbImage reused = new RgbImage();
            out.store(reused);
            PlanarImage fresh = new PlanarImage();
            new Resizer().resize(image, Box.of(image), rows, columns, fresh);
            Golden.assertSamePixels(reused, fresh);
        }
    }

    @Test
    void constantImageStaysConstant() {
        byte[] data = new byte[3 * 37 * 53];
        Arrays.fill(data, (byte) 201);
        RgbImage image = new RgbImage(37, 53, data);
        resizer.resize(image, Box.of(image), 64, 16, out);
        for (int i = 0; i < out.pixels(); i++) {
            assertEquals(201, out.plane(0)[i]);
        }
    }

    @Test
    void boxBeyondTheImageIsRefused() throws BrokenImageException {
        RgbImage photo = Golden.photo();
        assertThrows(IllegalArgumentException.class, () -> resizer.resize(photo, new Box(200, 0, 25, 10), 8, 8, out));
    }

    /// Columns 10 to 169, which the golden case starts from.
    private static RgbImage leftPart(RgbImage photo) {
        RgbImage part = new RgbImage();
        part.reshape(160, 224);
        byte[] row = new byte[3 * 160];
        for (int y = 0; y < 224; y++) {
            photo.getRow(y, 10, 160, row);
            part.putRow(y, row, 0);
        }
        return part;
    }
}
