package dev.lejepa.trainer.codec;

/// Columns and rows of a picture.
public record PictureSize(int width, int height) {}
