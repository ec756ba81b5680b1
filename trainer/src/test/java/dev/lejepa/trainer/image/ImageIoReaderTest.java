package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageIoReaderTest {
    private final JpegDecoder decoder = new JpegDecoder(Optional.empty(), new ImageIoReader());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jpeg_420",
                "jpeg_422",
                "jpeg_444_progressive",
                "jpeg_gray",
                "jpeg_rgb",
                "jpeg_restart",
                "jpeg_profile",
                "jpeg_cmyk",
                "jpeg_cmyk_without_adobe",
                "jpeg_ycck_420"
            })
    void hasThePixelsOfPil(String file) throws IOException, BrokenImageException {
        byte[] bytes = Files.readAllBytes(Golden.path("formats/" + file + ".jpg"));
        RgbImage image = new RgbImage();
        decoder.decode(file, Bytes.of(bytes, bytes.length), Extent.WHOLE, image);
        Golden.assertSamePixels(Golden.image("formats/" + file + ".jpg.npy"), image);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg_420", "jpeg_cmyk"})
    void refusesAFileThatIsCutOff(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.path("formats/" + file + ".jpg"));
        Bytes cut = Bytes.of(Arrays.copyOf(bytes, bytes.length - 60), bytes.length - 60);
        BrokenImageException e =
                assertThrows(BrokenImageException.class, () -> decoder.decode(file, cut, Extent.WHOLE, new RgbImage()));
        assertEquals("cut off after " + cut.length() + " bytes", e.reason());
    }
}
