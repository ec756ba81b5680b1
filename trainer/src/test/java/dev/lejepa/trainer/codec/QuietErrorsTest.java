package dev.lejepa.trainer.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class QuietErrorsTest {
    /// A program of its own: it decodes a file that libjpeg complains about, and has something to say itself.
    static final class Damaged {
        private Damaged() {}

        public static void main(String[] arguments) throws Exception {
            new ImageDecoder().decode(Path.of(arguments[0]), new RgbImage());
            System.err.println("ours");
        }
    }

    @Test
    void complaintsOfLibjpegAreNotPrinted() throws IOException, InterruptedException, URISyntaxException {
        var damaged = Path.of(Objects.requireNonNull(ImageDecoder.class.getResource("formats/jpeg_hole.jpg"))
                .toURI());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Damaged.class.getName(),
                        damaged.toString())
                .redirectErrorStream(true)
                .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("ours", told.strip());
        assertEquals(0, process.waitFor());
    }
}
