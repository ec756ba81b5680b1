package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.onnxruntime.KernelContext;
import org.bytedeco.onnxruntime.OrtKernelContext;
import org.bytedeco.onnxruntime.OrtStatus;
import org.bytedeco.onnxruntime.OrtValue;
import org.bytedeco.onnxruntime.global.onnxruntime;
import org.jspecify.annotations.Nullable;

/// A computation of a node by ONNX Runtime.
final class OrtKernelCall implements KernelCall, AutoCloseable {
    private static final String NO_MEMORY = "gives no memory for an output";

    private final OrtKernelContext raw;
    private final KernelContext context;
    private final OrtTasks tasks;

    OrtKernelCall(OrtKernelContext context, OrtTasks tasks) {
        this.raw = context;
        this.context = new KernelContext(context);
        this.tasks = tasks;
    }

    /// An absent input in the middle or at the end is a null pointer, or the count ends before it.
    @Override
    public boolean has(int input) {
        var value = new OrtValue();
        if (input >= context.GetInputCount()) {
            return false;
        }
        check(onnxruntime.GetApi().KernelContext_GetInput(raw, input, value), "does not give input " + input);
        return !value.isNull();
    }

    @Override
    public long[] shape(int input) {
        try (var value = context.GetInput(input);
                var info = value.GetTensorTypeAndShapeInfo();
                var dims = info.GetShape()) {
            return dims.get();
        }
    }

    @Override
    public long input(int index) {
        try (var value = context.GetInput(index);
                var data = value.GetTensorRawData()) {
            return data.address();
        }
    }

    @Override
    public long stream() {
        try (var stream = context.GetGPUComputeStream()) {
            return stream == null ? 0 : stream.address();
        }
    }

    /// Through the C interface: the bindings' class for an output would release it.
    @Override
    public long output(int index, long... shape) {
        var api = onnxruntime.GetApi();
        var value = new OrtValue();
        var data = new Pointer();
        check(api.KernelContext_GetOutput(raw, index, shape, shape.length, value), NO_MEMORY);
        check(api.GetTensorMutableData(value, data), NO_MEMORY);
        return data.address();
    }

    private static void check(@Nullable OrtStatus status, String fault) {
        if (status != null && !status.isNull()) {
            throw new EngineException("ONNX Runtime " + fault);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    @Override
    public void parallel(int count, IntConsumer body) {
        tasks.run(context, count, body);
    }
}
