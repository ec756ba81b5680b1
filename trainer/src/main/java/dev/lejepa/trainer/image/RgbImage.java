package dev.lejepa.trainer.image;

import java.util.Arrays;

/// A decoded image: 8-bit red, green, blue, interleaved row by row. The buffer is reusable: [#reshape] keeps the array
/// wherever it is large enough, so it may be longer than the pixels.
public final class RgbImage {
    private int width;
    private int height;
    private byte[] data = new byte[0];

    /// An empty image, to be filled by a decoder.
    public RgbImage() {}

    /// An image over the given pixels, which are not copied.
    ///
    /// @param data at least `3 * width * height` bytes
    public RgbImage(int width, int height, byte[] data) {
        if (width < 1 || height < 1 || data.length < 3L * width * height) {
            throw new IllegalArgumentException(data.length + " bytes for an image of " + width + " x " + height);
        }
        this.width = width;
        this.height = height;
        this.data = data;
    }

    /// Makes room for an image of another size; the pixels are unspecified afterwards.
    public void reshape(int width, int height) {
        long bytes = 3L * width * height;
        if (width < 1 || height < 1 || bytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("an image of " + width + " x " + height);
        }
        this.width = width;
        this.height = height;
        if (data.length < bytes) {
            data = new byte[(int) bytes];
        }
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /// The pixels `[height, width, 3]`; may be followed by unused bytes.
    public byte[] data() {
        return data;
    }

    /// Number of bytes of the pixels.
    public int bytes() {
        return 3 * width * height;
    }

    /// A copy without spare bytes.
    public RgbImage copy() {
        return new RgbImage(width, height, Arrays.copyOf(data, bytes()));
    }
}
