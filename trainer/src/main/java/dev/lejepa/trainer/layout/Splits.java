package dev.lejepa.trainer.layout;

import dev.lejepa.trainer.data.ImageSource;

/// Both parts of a data set.
public record Splits(ImageSource train, ImageSource test) {}
