package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    /// Each stands beside the pixels that PIL makes of it.
    static Stream<String> exactFiles() throws IOException {
        try (Stream<Path> files = Files.list(Golden.path("formats"))) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(f -> !f.endsWith(".npy") && !f.equals("webp_lossy.webp"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("exactFiles")
    void decodesToThePixelsOfPil(String file) throws BrokenImageException {
        RgbImage image = new RgbImage();
        new ImageDecoder().decode(Golden.path("formats/" + file), image);
        Golden.assertSamePixels(Golden.image("formats/" + file + ".npy"), image);
    }

    @ParameterizedTest
    @MethodSource("exactFiles")
    void headerTellsTheSizeOfTheUprightPicture(String file) throws BrokenImageException {
        ImageHeader header = ImageHeader.read(Golden.path("formats/" + file));
        RgbImage expected = Golden.image("formats/" + file + ".npy");
        assertEquals(expected.width() + " x " + expected.height(), header.width() + " x " + header.height());
        assertTrue(file.startsWith(header.format().name().toLowerCase(Locale.ROOT)), file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg0", "jpg1"})
    void decodesSmallJpegToThePixelsOfPil(String file) throws BrokenImageException {
        RgbImage image = new RgbImage();
        new ImageDecoder().decode(Golden.path("golden/" + file + ".jpg"), image);
        Golden.assertSamePixels(Golden.image("golden/pixels_" + file + ".npy"), image);
    }

    @Test
    void lossyWebpIsWithinThreeLevelsInTheMean() throws BrokenImageException {
        RgbImage image = new RgbImage();
        new ImageDecoder().decode(Golden.path("formats/webp_lossy.webp"), image);
        RgbImage expected = Golden.image("formats/webp_lossy.webp.npy");
        long sum = 0;
        for (int i = 0; i < expected.bytes(); i++) {
            sum += Math.abs((expected.toArray()[i] & 0xFF) - (image.toArray()[i] & 0xFF));
        }
        // the plugin repeats chroma samples, libwebp interpolates them
        assertTrue(sum <= 3L * expected.bytes(), "mean difference " + (double) sum / expected.bytes());
    }

    @ParameterizedTest
    @CsvSource({
        "jpeg_420.jpg, 3",
        "jpeg_420.jpg, 40",
        "jpeg_420.jpg, 200",
        "jpeg_420.jpg, 600",
        "jpeg_444_progressive.jpg, 2",
        "jpeg_444_progressive.jpg, 300",
        "png_rgb.png, 30",
        "png_rgb.png, 500",
        "webp_lossless.webp, 1",
        "webp_lossless.webp, 300",
        "webp_lossy.webp, 2",
        "bmp_rgb.bmp, 200"
    })
    void cutOffFileIsBrokenAndNeverHalfAPicture(String file, int missing, @TempDir Path folder) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("formats/" + file));
        Path cut = Files.write(folder.resolve(file), Arrays.copyOf(whole, whole.length - missing));
        BrokenImageException e =
                assertThrows(BrokenImageException.class, () -> new ImageDecoder().decode(cut, new RgbImage()));
        assertTrue(e.getMessage().startsWith(cut + ": "), e.getMessage());
        assertTrue(e.reason().startsWith("cut off") || e.reason().startsWith("damaged"), e.reason());
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty (zero bytes)",
        "some text, 'is no JPEG, PNG, WebP, BMP, GIF, PNM or TIFF image'",
        "P7 WIDTH 3.................., 'is no JPEG, PNG, WebP, BMP, GIF, PNM or TIFF image'",
        "....ftypavif, 'is an AVIF image, which is not read here'",
        "BM, cut off within its header (2 bytes)"
    })
    void whatIsNoImageIsToldApart(String content, String reason, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("x.jpg"), content);
        assertEquals(
                reason,
                assertThrows(BrokenImageException.class, () -> ImageHeader.read(file))
                        .reason());
        assertEquals(
                reason,
                assertThrows(BrokenImageException.class, () -> new ImageDecoder().decode(file, new RgbImage()))
                        .reason());
    }

    @Test
    void missingFileIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("none.png");
        assertEquals(
                file + ": no such file",
                assertThrows(BrokenImageException.class, () -> ImageHeader.read(file))
                        .getMessage());
    }

    @Test
    void changedBitInAPngIsFound(@TempDir Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.path("formats/png_rgb.png"));
        bytes[bytes.length / 2] ^= 4;
        Path file = Files.write(folder.resolve("x.png"), bytes);
        BrokenImageException e =
                assertThrows(BrokenImageException.class, () -> new ImageDecoder().decode(file, new RgbImage()));
        assertTrue(e.reason().startsWith("damaged: "), e.reason());
    }

    @Test
    void decoderGoesOnAfterABrokenFile(@TempDir Path folder) throws IOException, BrokenImageException {
        ImageDecoder decoder = new ImageDecoder();
        RgbImage image = new RgbImage();
        Path good = Golden.path("formats/jpeg_420.jpg");
        byte[] bytes = Files.readAllBytes(good);
        Path cut = Files.write(folder.resolve("cut.jpg"), Arrays.copyOf(bytes, bytes.length - 100));
        for (int i = 0; i < 3; i++) {
            assertThrows(BrokenImageException.class, () -> decoder.decode(cut, image));
            decoder.decode(good, image);
            Golden.assertSamePixels(Golden.image("formats/jpeg_420.jpg.npy"), image);
        }
    }

    /// Whatever the bytes, the answer is an image or a [BrokenImageException].
    @ParameterizedTest
    @ValueSource(
            strings = {"jpeg_420.jpg", "jpeg_444_progressive.jpg", "jpeg_cmyk.jpg", "png_palette.png", "bmp_palette.bmp"
            })
    void randomDamageNeverEscapesAsAnotherException(String file) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("formats/" + file));
        ImageDecoder decoder = new ImageDecoder();
        Random random = new Random(7);
        int broken = 0;
        for (int trial = 0; trial < 300; trial++) {
            byte[] bytes = whole.clone();
            for (int k = 0; k < 4; k++) {
                bytes[2 + random.nextInt(bytes.length - 2)] = (byte) random.nextInt(256);
            }
            try {
                decoder.decode(file, bytes, bytes.length, new RgbImage());
            } catch (BrokenImageException e) {
                broken++;
            }
        }
        assertTrue(broken > 0);
    }
}
