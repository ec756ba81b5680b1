package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import dev.lejepa.runtime.engine.EngineException;
import java.util.regex.Pattern;

/// What it means that ONNX Runtime failed where a device computes: the device is lost, its memory is full, or neither.
final class DeviceFaults {
    /// What is said by ONNX Runtime's arena, by CUDA, by cuBLAS and by cuDNN when no memory is left.
    private static final Pattern NO_MEMORY = Pattern.compile(
            "Failed to allocate memory for requested buffer(?: of size (\\d{1,18}))?|out of memory|_ALLOC(?:ATION)?_FAILED");

    private DeviceFaults() {}

    /// @param graph that was loaded or run
    /// @param fault as ONNX Runtime told it
    static RuntimeException of(String graph, EngineException fault, RemoteMemory memory) {
        var lost = memory.lost();
        if (lost.isPresent()) {
            var named = new CudaException(graph + ": " + lost.get().getMessage(), lost.get());
            named.addSuppressed(fault);
            return named;
        }
        var said = String.valueOf(fault.getMessage());
        var full = NO_MEMORY.matcher(said);
        if (!full.find()) {
            return fault;
        }
        var needed = full.group(1) == null ? 0 : Long.parseLong(full.group(1));
        var told = new DeviceMemoryException(graph, said.substring(full.start()), needed, memory.freeBytes());
        told.initCause(fault);
        return told;
    }
}
