package dev.lejepa.graphs.onnx;

import com.google.protobuf.ByteString;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.StringStringEntryProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import dev.lejepa.graphs.onnx.proto.TensorShapeProto;
import dev.lejepa.graphs.onnx.proto.TypeProto;
import dev.lejepa.graphs.onnx.proto.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Types, tensors and attributes of the IR as messages of ONNX.
final class Protos {
    /// What the free leading dimension is called.
    static final String BATCH = "batch";

    private static final String TIMES_BATCH = "*" + BATCH;

    private Protos() {}

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setI(value)
                .setType(AttributeProto.AttributeType.INT)
                .build();
    }

    static AttributeProto attribute(String name, double value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setF((float) value)
                .setType(AttributeProto.AttributeType.FLOAT)
                .build();
    }

    static AttributeProto attribute(String name, boolean value) {
        return attribute(name, value ? 1L : 0L);
    }

    static AttributeProto attribute(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setS(ByteString.copyFromUtf8(value))
                .setType(AttributeProto.AttributeType.STRING)
                .build();
    }

    static AttributeProto attribute(String name, List<Integer> values) {
        var a = AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        values.forEach(a::addInts);
        return a.build();
    }

    static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    static TensorProto.DataType dataType(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> TensorProto.DataType.FLOAT;
            case FLOAT16 -> TensorProto.DataType.FLOAT16;
            case BFLOAT16 -> TensorProto.DataType.BFLOAT16;
            case INT64 -> TensorProto.DataType.INT64;
            case INT32 -> TensorProto.DataType.INT32;
            case UINT8 -> TensorProto.DataType.UINT8;
            case BOOL -> TensorProto.DataType.BOOL;
        };
    }

    /// The element type that files have under a number.
    static DType dtype(int dataType) {
        return Arrays.stream(DType.values())
                .filter(d -> dataType(d).getNumber() == dataType)
                .findFirst()
                .orElseThrow(() -> new BadInputException(Text.format("element type %d is not known", dataType)));
    }

    static ValueInfoProto valueInfo(String name, Type type) {
        var tensor = TypeProto.Tensor.newBuilder()
                .setElemType(dataType(type.dtype()).getNumber())
                .setShape(shape(type.shape()));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /// A batched leading dimension becomes `batch` or, as ONNX has no expressions, a symbol such as `257*batch`.
    private static TensorShapeProto shape(Shape shape) {
        var proto = TensorShapeProto.newBuilder();
        for (var i = 0; i < shape.rank(); i++) {
            var dim = TensorShapeProto.Dimension.newBuilder();
            if (i == 0 && shape.batched()) {
                dim.setDimParam(shape.dim(0) == 1 ? BATCH : shape.dim(0) + TIMES_BATCH);
            } else {
                dim.setDimValue(shape.dim(i));
            }
            proto.addDim(dim);
        }
        return proto.build();
    }

    /// The same value where the batch has this many items.
    static ValueInfoProto withBatch(ValueInfoProto value, long items) {
        var changed = value.toBuilder();
        for (var dim : changed.getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilderList()) {
            var symbol = dim.getDimParam();
            if (symbol.equals(BATCH)) {
                dim.setDimValue(items);
            } else if (symbol.endsWith(TIMES_BATCH)) {
                var perItem = symbol.substring(0, symbol.length() - TIMES_BATCH.length());
                dim.setDimValue(Long.parseLong(perItem) * items);
            }
        }
        return changed.build();
    }

    static TensorProto tensor(String name, Tensor tensor) {
        var proto = tensorOf(name, tensor.type());
        return proto.setRawData(ByteString.copyFrom(bytes(tensor))).build();
    }

    /// A tensor without its elements.
    static TensorProto.Builder tensorOf(String name, Type type) {
        var proto = TensorProto.newBuilder()
                .setName(name)
                .setDataType(dataType(type.dtype()).getNumber());
        for (var d : type.shape().dims()) {
            proto.addDims(d);
        }
        return proto;
    }

    private static ByteBuffer bytes(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats f -> {
                var data = f.data();
                var buffer = ByteBuffer.allocate(Math.multiplyExact(data.length, Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
                buffer.asFloatBuffer().put(data);
                yield buffer;
            }
            case Tensor.Longs l -> {
                var data = l.data();
                var buffer = ByteBuffer.allocate(Math.multiplyExact(data.length, Long.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
                buffer.asLongBuffer().put(data);
                yield buffer;
            }
        };
    }
}
