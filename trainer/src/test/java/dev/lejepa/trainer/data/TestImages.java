package dev.lejepa.trainer.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/// Small folders of images, each image of a single color.
final class TestImages {
    private TestImages() {}

    /// A PNG of one red level.
    static byte[] png(int red) throws IOException {
        BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 12; i++) {
            image.setRGB(i % 4, i / 4, red << 16);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    /// Writes files with the given names below `root`: images whose red is their index.
    static Path folder(Path root, String... names) throws IOException {
        for (int i = 0; i < names.length; i++) {
            Path file = root.resolve(names[i]);
            Files.createDirectories(file.getParent());
            Files.write(file, png(i));
        }
        return root;
    }

    /// `count` images of one class, `c/000.png` on; the red of each is its number.
    static Path numbered(Path root, int count) throws IOException {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = "c/%03d.png".formatted(i);
        }
        return folder(root, names);
    }
}
