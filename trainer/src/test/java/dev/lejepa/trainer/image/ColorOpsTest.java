package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// All of these are exact: not a level off PIL.
class ColorOpsTest {
    private final PlanarImage noise = Golden.planar(Golden.image("golden/noise.npy"));

    @ParameterizedTest
    @CsvSource({"0, 0.2", "1, 0.6", "2, 1.0", "3, 1.37", "4, 1.8", "5, 0.0"})
    void brightnessEqualsPil(int variant, double factor) {
        ColorOps.brightness(noise, factor);
        Golden.assertSamePixels(Golden.image("golden/brightness_f" + variant + ".npy"), noise);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.2", "1, 0.6", "2, 1.0", "3, 1.37", "4, 1.8", "5, 0.0"})
    void contrastEqualsPil(int variant, double factor) {
        ColorOps.contrast(noise, factor);
        Golden.assertSamePixels(Golden.image("golden/contrast_f" + variant + ".npy"), noise);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.2", "1, 0.6", "2, 1.0", "3, 1.37", "4, 1.8", "5, 0.0"})
    void saturationEqualsPil(int variant, double factor) {
        ColorOps.saturation(noise, factor);
        Golden.assertSamePixels(Golden.image("golden/saturation_f" + variant + ".npy"), noise);
    }

    @ParameterizedTest
    @CsvSource({"0, -0.5", "1, -0.2", "2, -0.1", "3, 0.0", "4, 0.033", "5, 0.1", "6, 0.2", "7, 0.5"})
    void hueEqualsTorchvisionOnPil(int variant, double factor) {
        new HueShift().apply(noise, factor);
        Golden.assertSamePixels(Golden.image("golden/hue_f" + variant + ".npy"), noise);
    }

    @Test
    void hueBeyondHalfATurnIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HueShift().apply(noise, 0.51));
        assertThrows(IllegalArgumentException.class, () -> new HueShift().apply(noise, Double.NaN));
    }

    @Test
    void grayscaleEqualsPil() {
        ColorOps.grayscale(noise);
        Golden.assertSamePixels(Golden.image("golden/gray3.npy"), noise);
    }

    @Test
    void solarizeEqualsPil() {
        ColorOps.solarize(noise, 128);
        Golden.assertSamePixels(Golden.image("golden/solarize.npy"), noise);
    }

    @Test
    void flipEqualsPil() {
        noise.flip();
        Golden.assertSamePixels(Golden.image("golden/hflip.npy"), noise);
    }

    @Test
    void normalizationEqualsTorchvisionBitForBit() {
        byte[] levels = new byte[3 * noise.pixels()];
        noise.write(MemorySegment.ofArray(levels), 0);
        float[] out = new float[levels.length];
        new Normalizer(Golden.MEAN, Golden.STD, noise.pixels())
                .write(MemorySegment.ofArray(levels), MemorySegment.ofArray(out));
        assertArrayEquals(Golden.floats("golden/normalized.npy"), out);
        new Normalizer(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0), noise.pixels())
                .write(MemorySegment.ofArray(levels), MemorySegment.ofArray(out));
        assertArrayEquals(Golden.floats("golden/float.npy"), out);
    }
}
