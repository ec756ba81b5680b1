package dev.lejepa.trainer.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedImagesTest {
    @TempDir
    Path folder;

    private Path data;
    private Path pack;

    @BeforeEach
    void makeImages() throws Exception {
        data = folder.resolve("data");
        pack = folder.resolve("images.pack");
        write("b/wide.png", 40, 20, "png");
        write("a/\u00e9.jpg", 16, 24, "jpg");
        write("a/small.png", 3, 5, "png");
    }

    /// A picture whose colors change slowly.
    private void write(String name, int width, int height, String format) throws Exception {
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (var y = 0; y < height; y++) {
            for (var x = 0; x < width; x++) {
                picture.setRGB(x, y, 255 * x / width << 16 | 255 * y / height << 8 | 90);
            }
        }
        var file = data.resolve(name);
        Files.createDirectories(file.getParent());
        assertTrue(ImageIO.write(picture, format, file.toFile()));
    }

    private Packer.Result pack(PackForm form, OptionalInt shorter) throws Exception {
        return new Packer(ImageFolder.of(data), new PackSettings(form, shorter, 95), 1 << 20, 2).write(pack, _ -> {});
    }

    private static RgbImage decode(ImageSource source, int image) throws BrokenImageException {
        var out = new RgbImage();
        source.decode(image, new ImageDecoder(), out);
        return out;
    }

    @Test
    void originalsAreTheVeryFiles() throws Exception {
        assertEquals(3, pack(PackForm.ORIGINAL, OptionalInt.empty()).images());
        var files = ImageFolder.of(data);
        try (var images = PackedImages.open(pack)) {
            assertEquals(files.size(), images.size());
            assertEquals(files.classes(), images.classes());
            for (var i = 0; i < 3; i++) {
                assertEquals(files.label(i), images.label(i));
                assertEquals(Path.of("images.pack").resolve(files.name(i)), images.name(i));
                assertEquals(files.bytes(i), images.bytes(i));
                assertEquals(files.pixels(i, 1000), images.pixels(i, 1000));
                assertArrayEquals(decode(files, i).toArray(), decode(images, i).toArray());
            }
        }
    }

    @Test
    void rawPixelsAreThoseOfTheFiles() throws Exception {
        pack(PackForm.RAW, OptionalInt.empty());
        var files = ImageFolder.of(data);
        try (var images = PackedImages.open(pack)) {
            for (var i = 0; i < 3; i++) {
                var expected = decode(files, i);
                assertEquals(expected.bytes(), images.bytes(i));
                assertArrayEquals(expected.toArray(), decode(images, i).toArray());
            }
        }
    }

    @Test
    void largerImagesAreReducedToTheShorterSide() throws Exception {
        pack(PackForm.RAW, OptionalInt.of(12));
        try (var images = PackedImages.open(pack)) {
            assertEquals(
                    List.of(3 * 5, 12 * 18, 24 * 12),
                    List.of((int) images.pixels(0, 1000), (int) images.pixels(1, 1000), (int) images.pixels(2, 1000)));
        }
    }

    /// JPEG loses no more than a few levels of a picture that changes slowly, at quality 95: 4:2:0 and rounding.
    @Test
    void jpegIsNearAndKeepsFilesThatAreJpegAlready() throws Exception {
        pack(PackForm.JPEG, OptionalInt.empty());
        var files = ImageFolder.of(data);
        try (var images = PackedImages.open(pack)) {
            assertEquals(files.bytes(1), images.bytes(1));
            var expected = decode(files, 2).toArray();
            var found = decode(images, 2).toArray();
            assertFalse(Arrays.equals(expected, found));
            for (var i = 0; i < expected.length; i++) {
                assertEquals(expected[i] & 0xFF, found[i] & 0xFF, 16, "byte " + i);
            }
        }
    }

    @Test
    void brokenImagesAreLeftOutAndTold() throws Exception {
        Files.writeString(data.resolve("a/text.png"), "no image");
        var result = pack(PackForm.ORIGINAL, OptionalInt.empty());
        assertEquals(3, result.images());
        assertEquals(1, result.broken().size());
        assertTrue(result.broken().getFirst().startsWith("a/text.png (is no JPEG, "), result.broken()::toString);
    }

    @Test
    void withoutAnyReadableImageNothingIsWritten() throws Exception {
        data = Files.createDirectory(folder.resolve("other"));
        Files.writeString(data.resolve("text.png"), "no image");
        var refused = assertThrows(BadInputException.class, () -> pack(PackForm.RAW, OptionalInt.empty()));
        assertTrue(refused.getMessage().contains("none of 1 images can be packed: text.png ("), refused.getMessage());
        assertFalse(Files.exists(pack));
    }

    @Test
    void aDamagedImageIsBrokenAndTheOthersAreNot() throws Exception {
        pack(PackForm.RAW, OptionalInt.empty());
        var bytes = Files.readAllBytes(pack);
        bytes[PackHeader.BYTES + 3]++;
        Files.write(pack, bytes);
        try (var images = PackedImages.open(pack)) {
            var broken = assertThrows(BrokenImageException.class, () -> decode(images, 0));
            assertEquals("its bytes were changed (CRC-32C)", broken.reason());
            decode(images, 1);
        }
    }

    @Test
    void damageElsewhereIsRefused() throws Exception {
        pack(PackForm.ORIGINAL, OptionalInt.empty());
        var whole = Files.readAllBytes(pack);
        for (var at : List.of(17, 45, whole.length - 1, whole.length - 60)) {
            var bytes = whole.clone();
            bytes[at]++;
            refused(bytes, "is damaged");
        }
        refused(Arrays.copyOf(whole, whole.length - 1), "where its header says " + whole.length);
        refused(Arrays.copyOf(whole, 30), "is cut off after 30 bytes");
        refused(new byte[0], "is no packed file");
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 2);
        refused(whole, "is a packed file of version 2, expected 1");
    }

    private void refused(byte[] bytes, String why) throws Exception {
        Files.write(pack, bytes);
        var refused = assertThrows(BadInputException.class, () -> PackedImages.open(pack));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }
}
