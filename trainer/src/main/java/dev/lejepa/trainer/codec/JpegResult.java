package dev.lejepa.trainer.codec;

/// What became of a JPEG file.
public sealed interface JpegResult {
    /// It has a picture, though perhaps a damaged one: libjpeg goes on wherever it can.
    ///
    /// @param pix to be closed by whoever asked for it
    record Picture(Pix pix) implements JpegResult {}

    /// It ends before its last row.
    record CutOff() implements JpegResult {}

    /// It is no JPEG file that libjpeg can make sense of.
    record Damaged() implements JpegResult {}
}
