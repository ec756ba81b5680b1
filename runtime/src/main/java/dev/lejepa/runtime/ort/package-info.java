/// The engine over ONNX Runtime: [OrtEngine] holds the library's environment (one thread pool and one arena for all
/// graphs), [OrtModel] a session, [OrtBinding] an IoBinding, [OrtTensor] memory of ours that ONNX Runtime reads and
/// writes where it lies. Every native object is closed by its owner; nothing waits for the garbage collector.
@NullMarked
package dev.lejepa.runtime.ort;

import org.jspecify.annotations.NullMarked;
