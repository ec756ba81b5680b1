package dev.lejepa.graphs.recipe;

/// Views of an image that are made in one way and have one size. Whoever makes them and whoever reads them know them by
/// their name.
///
/// @param name `global` or `local`
/// @param first number of the first view among all views of the image
/// @param crop how many, how large, and of which part of the image
public record ViewGroupSpec(String name, int first, CropSpec crop) {}
