package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.engine.DeviceTensor;
import org.bytedeco.onnxruntime.Value;

/// A tensor that ONNX Runtime reads and writes where it lies.
sealed interface BoundTensor extends DeviceTensor permits OrtTensor, RemoteTensor {
    /// ONNX Runtime's view of it.
    ///
    /// @throws IllegalStateException if the tensor is closed
    Value value();
}
