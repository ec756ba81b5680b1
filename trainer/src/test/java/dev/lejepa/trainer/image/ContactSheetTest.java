package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSheetTest {
    private static RgbImage plain(int width, int height, int level) {
        byte[] data = new byte[3 * width * height];
        Arrays.fill(data, (byte) level);
        return new RgbImage(width, height, data);
    }

    @Test
    void showsSourceAndViewsInRows(@TempDir Path folder) throws IOException, BrokenImageException {
        ContactSheet sheet = new ContactSheet(20);
        sheet.add(plain(40, 20, 10), List.of(plain(20, 20, 20), plain(10, 10, 30)));
        sheet.add(plain(20, 40, 40), List.of(plain(7, 7, 50)));
        Path file = folder.resolve("sheet.png");
        sheet.write(file);
        RgbImage read = new RgbImage();
        new ImageDecoder().decode(file, read);
        assertEquals("76 x 52", read.width() + " x " + read.height());
        // centers of the cells; the last cell of the second row is empty paper
        int[][] expected = {{14, 14, 10}, {38, 14, 20}, {62, 14, 30}, {14, 38, 40}, {38, 38, 50}, {62, 38, 255}};
        for (int[] e : expected) {
            assertEquals(e[2], read.toArray()[3 * (e[1] * 76 + e[0])] & 0xFF, Arrays.toString(e));
        }
        // a wide source is reduced and leaves paper above and below
        assertEquals(255, read.toArray()[3 * (5 * 76 + 14)] & 0xFF);
        assertEquals(10, read.toArray()[3 * (14 * 76 + 5)] & 0xFF);
    }
}
