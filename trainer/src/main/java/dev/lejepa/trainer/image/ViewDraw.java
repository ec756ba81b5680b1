package dev.lejepa.trainer.image;

import java.util.Optional;
import java.util.OptionalDouble;

/// Everything that chance decides about one view.
///
/// @param crop part of the image that is seen
/// @param size side of the view in pixels
/// @param flip whether left and right are mirrored
/// @param jitter color changes, if any
/// @param grayscale whether color is removed
/// @param blurSigma standard deviation of the blur in pixels, if any
/// @param solarize whether bright levels are inverted
public record ViewDraw(
        Box crop,
        int size,
        boolean flip,
        Optional<JitterDraw> jitter,
        boolean grayscale,
        OptionalDouble blurSigma,
        boolean solarize) {
    /// The same draw of an image that holds a part of a picture, or is reduced.
    ///
    /// @param image made of the picture that this was drawn for
    public ViewDraw in(RgbImage image) {
        return new ViewDraw(image.located(crop), size, flip, jitter, grayscale, blurSigma, solarize);
    }
}
