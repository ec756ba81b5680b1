package dev.lejepa.runtime.cudart;

/// A call of CUDA's runtime library that failed.
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int OUT_OF_MEMORY = 2; // cudaErrorMemoryAllocation

    private final int code;

    CudaException(String message, int code) {
        super(message);
        this.code = code;
    }

    /// Whether the device had too little memory left.
    public boolean isOutOfMemory() {
        return code == OUT_OF_MEMORY;
    }
}
