package dev.lejepa.runtime.cudart;

import java.util.Set;

/// A call of CUDA's libraries that failed.
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int OUT_OF_MEMORY = 2; // cudaErrorMemoryAllocation

    /// After these a process can do nothing more on the device (docs.nvidia.com/cuda/cuda-runtime-api, `cudaError`):
    /// it is gone (46, 100), its memory or links have faults (214, 220, 226), a kernel failed on it (700, 702, 709, 710,
    /// 714 to 719, 721), something else did (911, 999).
    private static final Set<Integer> LASTING =
            Set.of(46, 100, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 911, 999);

    private final int code;

    /// @param code CUDA's number of the error
    public CudaException(String message, int code) {
        super(message);
        this.code = code;
    }

    /// The same error in other words.
    public CudaException(String message, CudaException cause) {
        super(message, cause);
        this.code = cause.code;
    }

    /// Whether the device is lost to this process: all that it held is gone, and every other call fails too.
    public boolean isDeviceLost() {
        return LASTING.contains(code);
    }

    /// Whether the device had too little memory left.
    public boolean isOutOfMemory() {
        return code == OUT_OF_MEMORY;
    }
}
