package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.function.IntConsumer;
import org.bytedeco.onnxruntime.KernelContext;
import org.bytedeco.onnxruntime.OrtApi;
import org.bytedeco.onnxruntime.OrtKernelContext;
import org.bytedeco.onnxruntime.OrtStatus;
import org.bytedeco.onnxruntime.OrtValue;
import org.jspecify.annotations.Nullable;

/// A computation of a node by ONNX Runtime, through the C interface: the bindings' classes for C++ make an object with a
/// cleaner for each input, output and shape, 50 microseconds and more for a node, which a device computes in 3.
final class OrtKernelCall implements KernelCall {
    private static final String NO_MEMORY = "gives no memory for an output";

    private final OrtApi api;
    private final OrtKernelContext context;
    private final OrtTasks tasks;
    private final CallBuffers buffers;

    /// @param buffers of the node
    OrtKernelCall(OrtApi api, OrtKernelContext context, OrtTasks tasks, CallBuffers buffers) {
        this.api = api;
        this.context = context;
        this.tasks = tasks;
        this.buffers = buffers;
    }

    /// An absent input in the middle or at the end is a null pointer, or the count ends before it.
    @Override
    public boolean has(int input) {
        check(api.KernelContext_GetInputCount(context, buffers.count), "does not count inputs");
        return input < buffers.count.get() && !value(input).isNull();
    }

    private OrtValue value(int input) {
        check(api.KernelContext_GetInput(context, input, buffers.value), "does not give an input");
        return buffers.value;
    }

    @Override
    public long[] shape(int input) {
        check(api.GetTensorTypeAndShape(value(input), buffers.info), "does not describe an input");
        try {
            check(api.GetDimensionsCount(buffers.info, buffers.count), "does not count an input's dimensions");
            var dims = new long[Math.toIntExact(buffers.count.get())];
            check(api.GetDimensions(buffers.info, dims, dims.length), "does not give an input's dimensions");
            return dims;
        } finally {
            api.ReleaseTensorTypeAndShapeInfo(buffers.info);
        }
    }

    @Override
    public long input(int index) {
        check(api.GetTensorMutableData(value(index), buffers.data), "does not give an input's memory");
        return buffers.data.address();
    }

    @Override
    public long stream() {
        check(api.KernelContext_GetGPUComputeStream(context, buffers.data), "does not give the stream");
        return buffers.data.address();
    }

    @Override
    public long output(int index, long... shape) {
        check(api.KernelContext_GetOutput(context, index, shape, shape.length, buffers.value), NO_MEMORY);
        check(api.GetTensorMutableData(buffers.value, buffers.data), NO_MEMORY);
        return buffers.data.address();
    }

    private void check(@Nullable OrtStatus status, String fault) {
        if (status != null && !status.isNull()) {
            var message = api.GetErrorMessage().call(status).getString();
            api.ReleaseStatus(status);
            throw new EngineException(Text.format("ONNX Runtime %s: %s", fault, message));
        }
    }

    @Override
    public void parallel(int count, IntConsumer body) {
        try (var wrapped = new KernelContext(context)) {
            tasks.run(wrapped, count, body);
        }
    }
}
