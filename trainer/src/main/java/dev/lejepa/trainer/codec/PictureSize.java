package dev.lejepa.trainer.codec;

/// Columns and rows of a picture.
public record PictureSize(int width, int height) {
    /// What is left where `by` columns, and rows, become one; the last of them may be of fewer.
    public PictureSize reduced(int by) {
        return new PictureSize(Math.ceilDiv(width, by), Math.ceilDiv(height, by));
    }
}
