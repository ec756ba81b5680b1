package dev.lejepa.graphs.recipe;

/// Height and width of an image in pixels.
public record ImageSize(int height, int width) {
    /// An image as high as it is wide.
    public static ImageSize square(int side) {
        return new ImageSize(side, side);
    }

    public boolean isSquare() {
        return height == width;
    }

    @Override
    public String toString() {
        return isSquare() ? Integer.toString(height) : "[" + height + ", " + width + "]";
    }
}
