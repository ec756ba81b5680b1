package dev.lejepa.trainer.codec;

/// A part of a picture.
///
/// @param left its first column
/// @param top its first row
public record Part(int left, int top, PictureSize size) {
    /// All of a picture.
    public static Part of(PictureSize whole) {
        return new Part(0, 0, whole);
    }

    boolean isAllOf(PictureSize whole) {
        return equals(of(whole));
    }
}
