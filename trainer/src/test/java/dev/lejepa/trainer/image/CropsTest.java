package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.recipe.JpegDecoding;
import dev.lejepa.trainer.image.Crops.Crop;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CropsTest {
    @ParameterizedTest
    @CsvSource({"223, 1", "224, 1", "447, 1", "448, 2", "895, 2", "896, 4", "1792, 8", "4000, 8"})
    void aPictureIsReducedAsFarAsItsCropsHaveThePixelsOfTheirViews(int side, int reduction) {
        Crop crop = new Crop(new Box(0, 0, side, 4000), 224);
        assertEquals(reduction, new Crops(List.of(crop)).reduction());
    }

    @Test
    void theSmallestCropDecides() {
        Crop large = new Crop(new Box(0, 0, 4000, 4000), 224);
        Crop small = new Crop(new Box(100, 100, 300, 300), 98);
        assertEquals(2, new Crops(List.of(large, small)).reduction());
        assertEquals(1, Crops.WHOLE.reduction());
    }

    @Test
    void aReducedBoxIsOffByHalfAPixelAtMost() {
        Random random = new Random(2);
        for (int n = 0; n < 10_000; n++) {
            int width = 1 + random.nextInt(500);
            int height = 1 + random.nextInt(500);
            int h = 1 + random.nextInt(height);
            int w = 1 + random.nextInt(width);
            Box box = new Box(random.nextInt(height - h + 1), random.nextInt(width - w + 1), h, w);
            int by = 2 << random.nextInt(3);
            Box reduced = box.reduced(by, Math.ceilDiv(width, by), Math.ceilDiv(height, by));
            reduced.requireWithin(Math.ceilDiv(height, by), Math.ceilDiv(width, by));
            if (Math.min(h, w) >= by) {
                assertNear(box.left(), reduced.left(), by);
                assertNear(box.top() + box.height(), reduced.top() + reduced.height(), by);
            }
        }
    }

    private static void assertNear(int place, int reduced, int by) {
        assertEquals((double) place / by, reduced, 0.5);
    }

    /// The views of a picture that was reduced look like those of the whole one: it is smooth, so a level of mean
    /// difference is a shift of about a pixel.
    @Test
    void viewsOfAReducedPictureAreNearlyThoseOfTheWhole() throws IOException, BrokenImageException {
        byte[] file = smoothJpeg(1203, 899);
        Crop crop = new Crop(new Box(101, 213, 701, 803), 224);
        RgbImage whole = new RgbImage();
        new ImageDecoder().decode("x", file, file.length, whole);
        ImageDecoder scaled = new ImageDecoder(1 << 24, JpegDecoding.SCALED);
        scaled.cut((width, height) -> new Crops(List.of(crop)));
        RgbImage reduced = new RgbImage();
        scaled.decode("x", file, file.length, reduced);
        assertTrue(reduced.width() <= 602 && reduced.height() <= 450, reduced.width() + " x " + reduced.height());
        assertEquals("1203 x 899", reduced.wholeWidth() + " x " + reduced.wholeHeight());
        assertTrue(meanDifference(view(whole, crop), view(reduced, crop)) < 1);
    }

    private static byte[] view(RgbImage image, Crop crop) {
        PlanarImage view = new PlanarImage();
        new Resizer().resize(image, image.located(crop.box()), crop.size(), crop.size(), view);
        RgbImage stored = new RgbImage();
        view.store(stored);
        return stored.toArray();
    }

    private static double meanDifference(byte[] a, byte[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((a[i] & 0xFF) - (b[i] & 0xFF));
        }
        return sum / a.length;
    }

    private static byte[] smoothJpeg(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = (int) (127 + 127 * Math.sin(x / 40.0));
                int green = (int) (127 + 127 * Math.sin(y / 30.0));
                image.setRGB(x, y, red << 16 | green << 8 | 255 * x / width);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", bytes);
        return bytes.toByteArray();
    }
}
