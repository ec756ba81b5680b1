package dev.lejepa.runtime.ort;

import static org.bytedeco.onnxruntime.global.onnxruntime.ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16;
import static org.bytedeco.onnxruntime.global.onnxruntime.ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL;
import static org.bytedeco.onnxruntime.global.onnxruntime.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
import static org.bytedeco.onnxruntime.global.onnxruntime.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16;
import static org.bytedeco.onnxruntime.global.onnxruntime.ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32;
import static org.bytedeco.onnxruntime.global.onnxruntime.ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64;
import static org.bytedeco.onnxruntime.global.onnxruntime.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8;

import dev.lejepa.graphs.ir.DType;
import java.util.Optional;

/// Element types as ONNX Runtime numbers them.
final class ElementTypes {
    private ElementTypes() {}

    static int number(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
            case FLOAT16 -> ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16;
            case BFLOAT16 -> ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16;
            case INT64 -> ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64;
            case INT32 -> ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32;
            case UINT8 -> ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8;
            case BOOL -> ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL;
        };
    }

    static Optional<DType> dtype(int number) {
        for (var t : DType.values()) {
            if (number(t) == number) {
                return Optional.of(t);
            }
        }
        return Optional.empty();
    }
}
