package dev.lejepa.trainer.codec;

/// Takes the rows of a picture.
@FunctionalInterface
public interface RowSink {
    /// @param y from 0 at the top
    /// @param rgb red, green and blue of each pixel, in use until this returns
    void put(int y, byte[] rgb);
}
