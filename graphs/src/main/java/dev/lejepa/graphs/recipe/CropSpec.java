package dev.lejepa.graphs.recipe;

/// One kind of crop.
///
/// @param count views of this kind per image; 0: none
/// @param size side of the view in pixels
/// @param scale area of the crop as a fraction of the image's
public record CropSpec(int count, int size, Interval scale) {
    /// Side of the largest views that a graph makes.
    public static final int LARGEST_AS_GRAPH = 1024;
}
