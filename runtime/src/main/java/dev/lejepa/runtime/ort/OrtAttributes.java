package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.kernel.Attributes;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.onnxruntime.OrtApi;
import org.bytedeco.onnxruntime.OrtKernelInfo;

/// The attributes of a node, read while its kernel is made.
record OrtAttributes(OrtApi api, OrtKernelInfo info) implements Attributes {
    @Override
    public long integer(String name) {
        var value = new long[1];
        var status = api.KernelInfoGetAttribute_int64(info, name, value);
        return found(name, status == null || status.isNull(), value[0]);
    }

    @Override
    public double real(String name) {
        var value = new float[1];
        var status = api.KernelInfoGetAttribute_float(info, name, value);
        return found(name, status == null || status.isNull(), value[0]);
    }

    @Override
    public long[] integers(String name) {
        try (var count = new SizeTPointer(1)) {
            var status = api.KernelInfoGetAttributeArray_int64(info, name, new LongPointer(), count);
            var values = new long[found(name, status == null || status.isNull(), (int) count.get())];
            if (values.length > 0) {
                api.KernelInfoGetAttributeArray_int64(info, name, values, count);
            }
            return values;
        }
    }

    private static <T> T found(String name, boolean ok, T value) {
        if (!ok) {
            throw new IllegalArgumentException(Text.format("attribute '%s' is missing", name));
        }
        return value;
    }
}
