package dev.lejepa.graphs.recipe;

/// What makes views of decoded images.
public enum ViewsOn implements Choice {
    /// Host cores, in the loader's threads.
    HOST,
    /// The device that trains: the loader cuts crops, a graph makes views of them as the first stage of a step.
    DEVICE,
    /// Host cores. What a device takes for it has been estimated, not measured.
    AUTO
}
