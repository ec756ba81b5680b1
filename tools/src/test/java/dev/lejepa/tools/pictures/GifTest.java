package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GifTest {
    /// A canvas of 4 x 1: all red for 20 hundredths; then its second pixel green, which is taken away again; then its
    /// last one blue, with a transparent one beside it.
    private static final String LAYERS =
            "R0lGODlhBAABAJEAAP8AAAD/AAAA/wAAACH/C05FVFNDQVBFMi4wAwEDAAAh+QQEFAAAACwAAAAABAABAAACAwQIsAAh+QQMCgAAACwBAAAAAQABAAACAkwBACH5BAUeAAMALAIAAAACAAEAAAICnFgAOw==";

    @TempDir
    Path folder;

    private static Paper sheet(int color) {
        var paper = new Paper(8, 6);
        paper.fill(0, 0, 8, 6, color);
        return paper;
    }

    private Path written(String name, int loops) throws IOException {
        var file = folder.resolve(name);
        try (var gif = new GifWriter(loops)) {
            gif.add(sheet(0xFF0000).image(), 5);
            gif.add(sheet(0x00FF00).image(), 12);
            gif.add(sheet(0x0000FF).image(), 300);
            gif.write(file);
        }
        return file;
    }

    private static int[] firstPixel(RgbImage image) {
        var rgb = image.toArray();
        return new int[] {rgb[0] & 0xFF, rgb[1] & 0xFF, rgb[2] & 0xFF};
    }

    @Test
    void framesAndTheirTimingComeBack() throws IOException, BrokenImageException {
        var file = written("three.gif", 0);
        assertTrue(GifFrames.is(file));
        var gif = GifFrames.read(file, UnaryOperator.identity());
        assertEquals(List.of(5, 12, 300), gif.delays());
        assertEquals(0, gif.loops());
        assertArrayEquals(new int[] {255, 0, 0}, firstPixel(gif.frames().get(0)));
        assertArrayEquals(new int[] {0, 255, 0}, firstPixel(gif.frames().get(1)));
        assertArrayEquals(new int[] {0, 0, 255}, firstPixel(gif.frames().get(2)));
        assertEquals(
                1,
                GifFrames.read(written("once.gif", 1), UnaryOperator.identity()).loops());
        assertEquals(
                700,
                GifFrames.read(written("often.gif", 700), UnaryOperator.identity())
                        .loops());
    }

    @Test
    void framesLieOnWhatTheOnesBeforeHaveLeft() throws IOException, BrokenImageException {
        var file = folder.resolve("layers.gif");
        Files.write(file, Base64.getDecoder().decode(LAYERS));
        var gif = GifFrames.read(file, UnaryOperator.identity());
        assertEquals(3, gif.loops());
        assertEquals(List.of(20, 10, 30), gif.delays());
        assertArrayEquals(
                pixels(0xFF0000, 0xFF0000, 0xFF0000, 0xFF0000),
                gif.frames().get(0).toArray());
        assertArrayEquals(
                pixels(0xFF0000, 0x00FF00, 0xFF0000, 0xFF0000),
                gif.frames().get(1).toArray());
        assertArrayEquals(
                pixels(0xFF0000, 0xFF0000, 0xFF0000, 0x0000FF),
                gif.frames().get(2).toArray());
    }

    private static byte[] pixels(int... colors) {
        var rgb = new byte[3 * colors.length];
        for (var i = 0; i < colors.length; i++) {
            rgb[3 * i] = (byte) (colors[i] >> 16);
            rgb[3 * i + 1] = (byte) (colors[i] >> 8);
            rgb[3 * i + 2] = (byte) colors[i];
        }
        return rgb;
    }

    @Test
    void aCutFileIsRefusedByName() throws IOException, BrokenImageException {
        var bytes = Files.readAllBytes(written("whole.gif", 0));
        for (var length : List.of(5, 60, bytes.length - 4)) {
            var cut = Files.write(folder.resolve("cut.gif"), Arrays.copyOf(bytes, length));
            var refused = assertThrows(BrokenImageException.class, () -> GifFrames.read(cut, UnaryOperator.identity()));
            assertTrue(refused.getMessage().contains("cut.gif: cut off"), refused.getMessage());
        }
        var unmarked = Files.write(folder.resolve("unmarked.gif"), Arrays.copyOf(bytes, bytes.length - 1));
        assertEquals(
                3, GifFrames.read(unmarked, UnaryOperator.identity()).frames().size());
        var other = Files.writeString(folder.resolve("text.gif"), "no picture");
        assertFalse(GifFrames.is(other));
    }
}
