package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.Text;

/// A device has less memory left than a tensor or a step needs.
public final class DeviceMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param what needs the memory
    /// @param needed bytes that were asked for
    /// @param free bytes that nobody has taken
    /// @param total bytes of the device
    public DeviceMemoryException(String what, long needed, long free, long total) {
        super(Text.format(
                "the device's memory is full: %s needs %.2f GB more, %.2f GB of %.2f GB are free; a smaller data.batch needs less",
                what, needed / 1e9, free / 1e9, total / 1e9));
    }

    /// @param what was run
    /// @param said by the library that executes graphs
    public DeviceMemoryException(String what, String said, long free) {
        super(Text.format(
                "the device's memory is full: %s found %.2f GB free (%s); a smaller data.batch needs less",
                what, free / 1e9, said));
    }
}
