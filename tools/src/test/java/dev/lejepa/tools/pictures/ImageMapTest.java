package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.trainer.image.RgbImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageMapTest {
    private static final int WHITE = 0xFFFFFFFF;
    private static final int BLACK = 0xFF000000;

    private static RgbImage black(ImageMap map) {
        var side = map.thumbnail();
        return new RgbImage(side, side, new byte[3 * side * side]);
    }

    @Test
    void imagesWithRoomAreAllDrawnAtTheirPlaces() {
        var map = new ImageMap(new double[][] {{0, 10, 0}, {0, 0, 5}}, new int[] {0, 1, -1}, 0);
        assertEquals(3, map.drawn().size());
        var sheet = map.draw(image -> black(map)).image();
        assertTrue(sheet.getWidth() > sheet.getHeight(), "as wide as the places are");
        // the third one lies above the first
        assertEquals(BLACK, sheet.getRGB(48, 48));
        assertEquals(BLACK, sheet.getRGB(48, sheet.getHeight() - 49));
        assertEquals(BLACK, sheet.getRGB(sheet.getWidth() - 49, sheet.getHeight() - 49));
        assertEquals(WHITE, sheet.getRGB(sheet.getWidth() - 49, 48));
    }

    @Test
    void ofImagesOverEachOtherOneIsDrawnAndTheOthersAreDots() {
        var places = new double[][] {{0, 0.001, 100}, {0, 0, 0}};
        var map = new ImageMap(places, new int[] {0, 0, 0}, 0);
        assertEquals(2, map.drawn().size());
        var far = new double[][] {{0, 7, 100}, {0, 0, 0}};
        var sheet = new ImageMap(far, new int[] {0, 1, 1}, 0)
                .draw(image -> new RgbImage(1, 1, new byte[3]))
                .image();
        var colors = new HashSet<Integer>();
        for (var x = 0; x < sheet.getWidth(); x++) {
            for (var y = 0; y < sheet.getHeight(); y++) {
                colors.add(sheet.getRGB(x, y));
            }
        }
        colors.removeAll(List.of(WHITE, BLACK));
        assertEquals(2, colors.size(), "a color for each class");
    }

    @Test
    void whichImagesAreDrawnDependsOnTheSeedAlone() {
        var places = new double[2][400];
        var labels = new int[400];
        for (var i = 0; i < 400; i++) {
            places[0][i] = i % 20;
            places[1][i] = i % 7 * 0.01;
        }
        var drawn = new ImageMap(places, labels, 1).drawn();
        assertEquals(drawn, new ImageMap(places, labels, 1).drawn());
        assertNotEquals(drawn, new ImageMap(places, labels, 2).drawn());
        assertTrue(drawn.size() < 400 && Arrays.stream(labels).count() == 400);
    }
}
