package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;
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

    @Test
    void rowOfAPngThatNoArrayHoldsTwiceIsRefused() {
        ByteBuffer file = ByteBuffer.allocate(41);
        file.put(HexFormat.of().parseHex("89504e470d0a1a0a0000000d49484452"));
        file.putInt(140_000_000).putInt(1).put((byte) 16).put((byte) 6);
        CRC32 sum = new CRC32();
        sum.update(file.array(), 12, 17);
        file.position(29).putInt((int) sum.getValue()).putInt(0).put("IDAT".getBytes(StandardCharsets.US_ASCII));
        assertEquals("claims rows of 2240000002 bytes", reason(file.array()));
    }

    @Test
    void numbersOfAGifThatLeaveNoRoomForStringsAreRefused() {
        byte[] file = HexFormat.of().parseHex("474946383961400040000000002c0000000040004000000c070140000a400108003b");
        assertEquals("damaged: a GIF code stands for nothing", reason(file));
    }

    private static String reason(byte[] file) {
        return assertThrows(
                        BrokenImageException.class,
                        () -> new ImageDecoder().decode("x", file, file.length, new RgbImage()))
                .reason();
    }

    private static void assertTakesNoMemory(byte[] file) {
        RgbImage image = new RgbImage();
        BrokenImageException e = assertThrows(
                BrokenImageException.class, () -> new ImageDecoder().decode("x", file, file.length, image));
        assertEquals("cut off after " + file.length + " bytes", e.reason());
        assertEquals(0, image.bytes());
    }
}
