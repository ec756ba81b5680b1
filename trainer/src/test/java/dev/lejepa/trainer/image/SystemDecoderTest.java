package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.trainer.codec.Heif;
import dev.lejepa.trainer.codec.JpegXl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Files and PIL's pixels are written by `tools/interop/system_images.py`.
class SystemDecoderTest {
    static Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(Golden.path("system"))) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(f -> !f.endsWith(".npy"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /// A level more or less: versions of a library round differently.
    @ParameterizedTest
    @MethodSource("files")
    void decodesToThePixelsOfPilButForRounding(String file) throws BrokenImageException {
        requireLibrary(file);
        Path path = Golden.path("system/" + file);
        RgbImage expected = Golden.image("system/" + file + ".npy");
        ImageHeader header = ImageHeader.read(path);
        assertEquals(expected.width() + " x " + expected.height(), header.width() + " x " + header.height());
        RgbImage image = new RgbImage();
        new ImageDecoder().decode(path, image);
        assertNear(expected, image);
        try (RgbImage outside = new RgbImage(new ImageMemory(0, 1))) {
            new ImageDecoder().decode(path, outside);
            Golden.assertSamePixels(image, outside);
        }
    }

    private static void assertNear(RgbImage expected, RgbImage image) {
        assertEquals(expected.width() + " x " + expected.height(), image.width() + " x " + image.height());
        byte[] wanted = expected.toArray();
        byte[] found = image.toArray();
        for (int i = 0; i < wanted.length; i++) {
            assertTrue(Math.abs((wanted[i] & 0xFF) - (found[i] & 0xFF)) <= 1, "byte " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void refusesAFileThatIsCutOff(String file) throws IOException {
        requireLibrary(file);
        byte[] whole = Files.readAllBytes(Golden.path("system/" + file));
        for (int length : new int[] {14, whole.length / 2, whole.length - 1}) {
            byte[] cut = Arrays.copyOf(whole, length);
            BrokenImageException e = assertThrows(
                    BrokenImageException.class, () -> new ImageDecoder().decode(file, cut, length, new RgbImage()));
            assertTrue(e.reason().startsWith("cut off") || e.reason().startsWith("damaged"), e.reason());
        }
    }

    /// libheif and libjxl are told of a picture before they make it.
    @ParameterizedTest
    @MethodSource("files")
    void refusesPicturesOfTooManyPixels(String file) throws BrokenImageException {
        requireLibrary(file);
        Path path = Golden.path("system/" + file);
        ImageDecoder strict = new ImageDecoder(ImageHeader.read(path).pixels() - 1);
        BrokenImageException e = assertThrows(BrokenImageException.class, () -> strict.decode(path, new RgbImage()));
        assertTrue(e.reason().contains("more than data.max_pixels"), e.reason());
    }

    @ParameterizedTest
    @MethodSource("files")
    void damageEndsInAnImageOrInAReason(String file) throws IOException {
        requireLibrary(file);
        Random random = new Random(3);
        byte[] whole = Files.readAllBytes(Golden.path("system/" + file));
        ImageDecoder decoder = new ImageDecoder(1 << 20);
        RgbImage image = new RgbImage();
        for (int n = 0; n < 40; n++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            try {
                decoder.decode(file, damaged, damaged.length, image);
            } catch (BrokenImageException e) {
                assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
            }
        }
    }

    @Test
    void saysWhatToInstall() throws IOException {
        SystemDecoder none = new SystemDecoder(Optional.empty(), Optional.empty());
        Bytes bytes = Bytes.of(new byte[] {0}, 1);
        assertEquals(
                "is an AVIF image, for which this system has no libheif (apt-get install libheif1, or brew install"
                        + " libheif)",
                assertThrows(BrokenImageException.class, () -> none.heifHeader("x", ImageFormat.AVIF, bytes))
                        .reason());
        assertEquals(
                "is a JPEG XL image, for which this system has no libjxl (apt-get install libjxl-dev, or brew install"
                        + " jpeg-xl)",
                assertThrows(BrokenImageException.class, () -> none.jpegXlHeader("x", bytes))
                        .reason());
    }

    @ParameterizedTest
    @CsvSource({"avif_37x29.avif, AVIF", "heic_37x29.heic, HEIC", "jxl_37x29.jxl, JPEG_XL", "jxl_gray.jxl, JPEG_XL"})
    void formatsAreKnownByTheirFirstBytes(String file, ImageFormat format) throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.path("system/" + file));
        assertEquals(Optional.of(format), ImageFormat.of(Bytes.of(bytes, 20)));
    }

    private static void requireLibrary(String file) {
        boolean there =
                file.startsWith("jxl") ? JpegXl.find().isPresent() : Heif.find().isPresent();
        assumeTrue(there, "this system has no library for " + file);
    }
}
