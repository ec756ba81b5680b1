package dev.lejepa.trainer.packed;

import java.util.OptionalInt;

/// How images are packed.
///
/// @param shorter pixels of the shorter side of images that are larger: these are reduced as PIL's `resize` does it,
///     bilinear and antialiased, the longer side rounded down; smaller ones stay as they are. Empty: nothing is
///     reduced.
/// @param quality of JPEG files that are written, 1 to 100
public record PackSettings(PackForm form, OptionalInt shorter, int quality) {
    /// What JPEG files have unless somebody says otherwise.
    public static final int QUALITY = 90;
}
