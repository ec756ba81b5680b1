package dev.lejepa.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContactSheetTest {
    private static final int WHITE = 0xffffffff;

    @TempDir
    private Path folder;

    @Test
    void viewsAreDrawnInTheirCellsWithTheirOwnColors() throws IOException {
        float[] mean = {0.5f, 0.25f, 0f};
        float[] deviation = {0.5f, 0.25f, 2f};
        ContactSheet sheet = new ContactSheet(2, 2, 4, mean, deviation);
        float[] pixels = new float[1 + 3 * 2 * 2];
        for (int i = 0; i < 4; i++) {
            pixels[1 + i] = 1;
            pixels[1 + 4 + i] = -1;
            pixels[1 + 8 + i] = 7;
        }
        sheet.draw(1, 0, pixels, 1, 2);
        Path png = folder.resolve("views.png");
        sheet.write(png);
        BufferedImage read = ImageIO.read(png.toFile());
        assertEquals(14, read.getWidth());
        assertEquals(14, read.getHeight());
        assertEquals(0xffff00ff, read.getRGB(3, 9), "first pixel of the centered view, blue clipped");
        assertEquals(0xffff00ff, read.getRGB(4, 10), "last pixel");
        assertEquals(WHITE, read.getRGB(2, 9));
        assertEquals(WHITE, read.getRGB(5, 10));
        assertEquals(WHITE, read.getRGB(9, 9));
    }
}
