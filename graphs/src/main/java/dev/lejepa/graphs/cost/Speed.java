package dev.lejepa.graphs.cost;

/// How fast a device computes.
///
/// @param products floating-point operations of matrix products, convolutions and attention in a second
/// @param others floating-point operations of all else in a second
/// @param bytes that it reads and writes in memory in a second
/// @param launch seconds between the beginnings of two nodes, whatever they compute
public record Speed(double products, double others, double bytes, double launch) {
    /// The same device, so many times as fast, but for what it takes to begin a node.
    public Speed times(double factor) {
        return new Speed(factor * products, factor * others, factor * bytes, launch);
    }
}
