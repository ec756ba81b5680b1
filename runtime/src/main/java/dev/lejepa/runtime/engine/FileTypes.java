package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.safetensors.ElementType;

/// Element types as safetensors files name them.
public final class FileTypes {
    private FileTypes() {}

    public static ElementType of(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> ElementType.F32;
            case FLOAT16 -> ElementType.F16;
            case BFLOAT16 -> ElementType.BF16;
            case INT64 -> ElementType.I64;
            case INT32 -> ElementType.I32;
            case UINT8 -> ElementType.U8;
            case BOOL -> ElementType.BOOL;
        };
    }
}
