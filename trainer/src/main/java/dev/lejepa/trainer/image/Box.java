package dev.lejepa.trainer.image;

/// A rectangle of an image, in pixels from its top left corner.
public record Box(int top, int left, int height, int width) {
    public Box {
        if (top < 0 || left < 0 || height < 1 || width < 1) {
            throw new IllegalArgumentException("box of " + height + " x " + width + " at " + top + ", " + left);
        }
    }

    /// The whole of an image.
    public static Box of(RgbImage image) {
        return new Box(0, 0, image.height(), image.width());
    }

    /// The centred box of torchvision's `CenterCrop`: half pixels go to the even side.
    public static Box center(int imageHeight, int imageWidth, int height, int width) {
        int top = (int) Math.rint((imageHeight - height) / 2.0);
        int left = (int) Math.rint((imageWidth - width) / 2.0);
        return new Box(top, left, height, width);
    }

    /// The smallest box that holds this and another one.
    Box union(Box other) {
        int firstRow = Math.min(top, other.top);
        int firstColumn = Math.min(left, other.left);
        int endRow = Math.max(top + height, other.top + other.height);
        int endColumn = Math.max(left + width, other.left + other.width);
        return new Box(firstRow, firstColumn, endRow - firstRow, endColumn - firstColumn);
    }

    /// The same box in a part of the image that begins elsewhere.
    Box from(int firstRow, int firstColumn) {
        return new Box(top - firstRow, left - firstColumn, height, width);
    }

    /// The box in an image that is reduced: so many columns, and rows, became one. Its edges are rounded to whole
    /// pixels, and it keeps one at least.
    ///
    /// @param imageWidth columns of the reduced image
    /// @param imageHeight rows of the reduced image
    Box reduced(int by, int imageWidth, int imageHeight) {
        int firstRow = Math.min(nearest(top, by), imageHeight - 1);
        int firstColumn = Math.min(nearest(left, by), imageWidth - 1);
        int endRow = Math.clamp(nearest(top + height, by), firstRow + 1, imageHeight);
        int endColumn = Math.clamp(nearest(left + width, by), firstColumn + 1, imageWidth);
        return new Box(firstRow, firstColumn, endRow - firstRow, endColumn - firstColumn);
    }

    private static int nearest(int place, int by) {
        return (2 * place + by) / (2 * by);
    }

    void requireWithin(int imageHeight, int imageWidth) {
        if ((long) top + height > imageHeight || (long) left + width > imageWidth) {
            throw new IllegalArgumentException(
                    this + " reaches beyond an image of " + imageHeight + " x " + imageWidth);
        }
    }
}
