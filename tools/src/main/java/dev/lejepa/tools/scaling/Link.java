package dev.lejepa.tools.scaling;

/// What carries bytes from a process to its neighbor.
///
/// @param bytesPerSecond in each direction, as collectives reach it
/// @param latency seconds of a message without bytes
public record Link(double bytesPerSecond, double latency) {
    /// @param bytes over the link
    /// @param messages one after the other
    /// @return seconds
    double seconds(double bytes, double messages) {
        return bytes / bytesPerSecond + messages * latency;
    }
}
