package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
                    .filter(f -> !f.endsWith(".npy"))
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

    /// The same with every image in the memory of large ones.
    @ParameterizedTest
    @MethodSource("exactFiles")
    void decodesToTheSamePixelsOutsideOfTheHeap(String file) throws BrokenImageException {
        try (RgbImage image = new RgbImage(new ImageMemory(0, 1))) {
            new ImageDecoder().decode(Golden.path("formats/" + file), image);
            assertTrue(image.pixels().isNative());
            Golden.assertSamePixels(Golden.image("formats/" + file + ".npy"), image);
        }
    }

    @ParameterizedTest
    @MethodSource("exactFiles")
    void headerTellsTheSizeOfTheUprightPicture(String file) throws BrokenImageException {
        ImageHeader header = ImageHeader.read(Golden.path("formats/" + file));
        RgbImage expected = Golden.image("formats/" + file + ".npy");
        assertEquals(expected.width() + " x " + expected.height(), header.width() + " x " + header.height());
        assertTrue(file.startsWith(header.format().name().toLowerCase(Locale.ROOT)), file);
    }

    /// Images of a shard lie one after the other in one piece of memory.
    @ParameterizedTest
    @ValueSource(strings = {"jpeg_420.jpg", "png_rgb.png", "webp_lossy.webp", "bmp_rgb.bmp"})
    void aPieceOfMemoryHoldsTheSamePictureAsAFile(String file) throws IOException, BrokenImageException {
        byte[] bytes = Files.readAllBytes(Golden.path("formats/" + file));
        RgbImage expected = Golden.image("formats/" + file + ".npy");
        try (Arena arena = Arena.ofConfined()) {
            for (MemorySegment shard :
                    List.of(MemorySegment.ofArray(new byte[bytes.length + 70]), arena.allocate(bytes.length + 70L))) {
                MemorySegment piece = shard.asSlice(33, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
                assertEquals(
                        expected.width(),
                        ImageHeader.of(file, piece.asReadOnly()).width());
                RgbImage image = new RgbImage();
                new ImageDecoder().decode(file, piece.asReadOnly(), image);
                Golden.assertSamePixels(expected, image);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg0", "jpg1"})
    void decodesSmallJpegToThePixelsOfPil(String file) throws BrokenImageException {
        RgbImage image = new RgbImage();
        new ImageDecoder().decode(Golden.path("golden/" + file + ".jpg"), image);
        Golden.assertSamePixels(Golden.image("golden/pixels_" + file + ".npy"), image);
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
        "webp_animated.webp, 40",
        "webp_lossy_alpha.webp, 1",
        "jpeg_arithmetic.jpg, 30",
        "jpeg_cmyk_progressive.jpg, 20",
        "jpeg_ycck_420.jpg, 9",
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

    /// PIL takes a file as whole when its last row can be decoded, and this one's can without the end marker.
    @Test
    void jpegIsCutOffWhereItsLastRowCannotBeDecoded(@TempDir Path folder) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("jpeg_gray_whole.jpg"));
        ImageDecoder decoder = new ImageDecoder();
        RgbImage image = new RgbImage();
        for (int length = 3; length <= whole.length; length++) {
            boolean read;
            try {
                decoder.decode("x.jpg", whole, length, image);
                read = true;
            } catch (BrokenImageException e) {
                read = false;
            }
            assertEquals(length >= whole.length - 2, read, length + " of " + whole.length + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg_420.jpg", "png_rgb.png", "webp_lossy.webp", "bmp_rgb.bmp"})
    void imageThatClaimsTooManyPixelsIsRefusedByItsHeader(String file) throws BrokenImageException {
        Path path = Golden.path("formats/" + file);
        ImageHeader header = ImageHeader.read(path);
        new ImageDecoder(header.pixels()).decode(path, new RgbImage());
        ImageDecoder strict = new ImageDecoder(header.pixels() - 1);
        assertEquals(
                String.format(
                        Locale.ROOT,
                        "claims %d x %d = %,d pixels, more than data.max_pixels = %,d",
                        header.width(),
                        header.height(),
                        header.pixels(),
                        header.pixels() - 1),
                assertThrows(BrokenImageException.class, () -> strict.decode(path, new RgbImage()))
                        .reason());
    }

    /// The canvas claims 78 rows where the picture has 15.
    @Test
    void pictureOfAnotherSizeThanItsHeaderIsBroken() throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.path("formats/webp_unknown_chunk.webp"));
        bytes[27] = 77; // height of the canvas
        assertEquals(
                "holds 21 x 15 pixels at 0, 0 where its header says 21 x 78",
                assertThrows(
                                BrokenImageException.class,
                                () -> new ImageDecoder().decode("x.webp", bytes, bytes.length, new RgbImage()))
                        .reason());
    }

    @ParameterizedTest
    @CsvSource({"-3, cut off", "-100, cut off", "3, ''", "1000, cut off"})
    void webpIsAsLongAsItsContainerSays(int longer, String reason) throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.path("formats/webp_lossy_quality_75.webp"));
        int length = bytes[4] & 0xFF | (bytes[5] & 0xFF) << 8;
        byte[] more = Arrays.copyOf(bytes, bytes.length + 10);
        more[4] = (byte) (length + longer);
        more[5] = (byte) (length + longer >> 8);
        BrokenImageException e = assertThrows(
                BrokenImageException.class,
                () -> new ImageDecoder().decode("x.webp", more, more.length, new RgbImage()));
        assertTrue(e.reason().startsWith(reason), e.reason());
    }

    @ParameterizedTest
    @CsvSource({"12, 'JPEG of 12 bits a sample, expected 8'", "9, 'JPEG of 9 bits a sample, expected 8'"})
    void jpegOfOtherPrecisionIsRefused(int bits, String reason) throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.path("formats/jpeg_420.jpg"));
        bytes[frame(bytes) + 4] = (byte) bits;
        assertEquals(
                reason,
                assertThrows(
                                BrokenImageException.class,
                                () -> new ImageDecoder().decode("x.jpg", bytes, bytes.length, new RgbImage()))
                        .reason());
    }

    private static int frame(byte[] jpeg) {
        int at = 2;
        while ((jpeg[at + 1] & 0xFF) != 0xC0) {
            at += 2 + (jpeg[at + 2] & 0xFF) * 256 + (jpeg[at + 3] & 0xFF);
        }
        return at;
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty (zero bytes)",
        "some text, 'is no JPEG, PNG, WebP, BMP, GIF, PNM, TIFF, AVIF, HEIC or JPEG XL image'",
        "P7 WIDTH 3.................., 'is no JPEG, PNG, WebP, BMP, GIF, PNM, TIFF, AVIF, HEIC or JPEG XL image'",
        "8BPS............, 'is a Photoshop image, which is not read here'",
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
            strings = {
                "jpeg_420.jpg",
                "jpeg_444_progressive.jpg",
                "jpeg_arithmetic.jpg",
                "jpeg_cmyk.jpg",
                "png_palette.png",
                "webp_lossless_alpha.webp",
                "webp_animated.webp",
                "bmp_palette.bmp"
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
