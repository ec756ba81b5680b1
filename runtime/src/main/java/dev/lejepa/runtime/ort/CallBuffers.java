package dev.lejepa.runtime.ort;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.onnxruntime.OrtTensorTypeAndShapeInfo;
import org.bytedeco.onnxruntime.OrtValue;

/// Where ONNX Runtime puts what it tells of a node's tensors. A node is never computed twice at the same time, so all
/// its calls use the same.
final class CallBuffers implements AutoCloseable {
    final SizeTPointer count = new SizeTPointer(1);
    final OrtValue value = new OrtValue();
    final OrtTensorTypeAndShapeInfo info = new OrtTensorTypeAndShapeInfo();
    final Pointer data = new Pointer();

    /// What the others point to belongs to ONNX Runtime.
    @Override
    public void close() {
        count.close();
    }
}
