package dev.lejepa.trainer.demo;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.random.Key;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// The demonstration's image folders, `train` and `val`, with one folder per class: 64-pixel PNG files that are a
/// function of the seed.
public final class DemoSet {
    /// Number of classes; chance is one over it.
    public static final int CLASSES = Motif.values().length;

    private DemoSet() {}

    /// Paints and writes the set; existing files of the same names are replaced.
    ///
    /// @param root is made if it is missing
    /// @param trainPerClass images of each class to train with
    /// @param valPerClass images of each class to hold out
    public static void write(Path root, long seed, int trainPerClass, int valPerClass) throws IOException {
        for (Motif motif : Motif.values()) {
            writeClass(root.resolve("train"), motif, Nuisance.TRAINING, Key.of(seed, "demo train"), trainPerClass);
            writeClass(root.resolve("val"), motif, Nuisance.HELD_OUT, Key.of(seed, "demo val"), valPerClass);
        }
    }

    private static void writeClass(Path root, Motif motif, Nuisance nuisance, Key key, int count) throws IOException {
        Path folder = Files.createDirectories(root.resolve(motif.folder()));
        Key ofClass = key.fold(motif.folder());
        try {
            IntStream.range(0, count).parallel().forEach(i -> {
                BufferedImage image =
                        DemoPainter.paint(motif, nuisance, ofClass.fold(i).draws());
                writePng(image, folder.resolve(Text.format("%04d.png", i)));
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void writePng(BufferedImage image, Path file) {
        try {
            try (OutputStream stream = Files.newOutputStream(file);
                    ImageOutputStream out = new MemoryCacheImageOutputStream(stream)) {
                ImageIO.write(image, "png", out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
