package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.Text;

/// A device has less memory left than a tensor or a step needs.
public final class DeviceMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String SMALLER = "a smaller data.batch needs less";

    private final String fault;
    private final long missing;

    private DeviceMemoryException(String fault, long missing, String advice) {
        super("the device's memory is full: " + fault + "; " + advice);
        this.fault = fault;
        this.missing = missing;
    }

    /// @param what needs the memory
    /// @param needed bytes that were asked for
    /// @param free bytes that nobody has taken
    /// @param total bytes of the device
    public DeviceMemoryException(String what, long needed, long free, long total) {
        this(
                Text.format(
                        "%s needs %.2f GB more, %.2f GB of %.2f GB are free",
                        what, needed / 1e9, free / 1e9, total / 1e9),
                Math.max(0, needed - free),
                SMALLER);
    }

    /// @param what was run
    /// @param said by the library that executes graphs
    /// @param needed bytes that were asked for; 0 where it did not say
    /// @param free bytes that nobody has taken
    public DeviceMemoryException(String what, String said, long needed, long free) {
        this(Text.format("%s found %.2f GB free (%s)", what, free / 1e9, said), Math.max(0, needed - free), SMALLER);
    }

    /// The same with what a person can do about it.
    public DeviceMemoryException withAdvice(String advice) {
        var advised = new DeviceMemoryException(fault, missing, advice);
        advised.initCause(this);
        return advised;
    }

    /// Bytes that were missing; 0 where that is not known.
    public long missing() {
        return missing;
    }
}
