package dev.lejepa.runtime.cuda;

/// Shared memory that a block may have (CUDA programming guide, technical specifications per compute capability).
final class SharedMemory {
    /// Bytes on any device since sm_80.
    static final int LEAST = 99 << 10;

    private SharedMemory() {}

    /// Bytes on devices of an architecture.
    ///
    /// @param architecture for instance `sm_90`
    static int of(String architecture) {
        return switch (architecture) {
            case "sm_80", "sm_87" -> 163 << 10;
            case "sm_90", "sm_100", "sm_103", "sm_110" -> 227 << 10;
            default -> LEAST;
        };
    }
}
