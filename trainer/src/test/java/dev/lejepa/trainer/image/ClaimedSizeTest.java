package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// A few bytes that claim to be a large picture: told before there is room for it.
class ClaimedSizeTest {
    @Test
    void bitmapShorterThanItsRowsTakesNoMemory() {
        ByteBuffer file = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').position(10);
        file.putInt(54)
                .putInt(40)
                .putInt(16000)
                .putInt(9000)
                .putShort((short) 1)
                .putShort((short) 24);
        assertTakesNoMemory(file.array());
    }

    @Test
    void pixmapShorterThanItsRowsTakesNoMemory() {
        assertTakesNoMemory("P6 16000 9000 255\n".getBytes(StandardCharsets.US_ASCII));
        assertTakesNoMemory("P3 16000 9000 255\n1 2 3".getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertTakesNoMemory(byte[] file) {
        RgbImage image = new RgbImage();
        BrokenImageException e = assertThrows(
                BrokenImageException.class, () -> new ImageDecoder().decode("x", file, file.length, image));
        assertEquals("cut off after " + file.length + " bytes", e.reason());
        assertEquals(0, image.bytes());
    }
}
