package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.Binding;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Outputs;
import dev.lejepa.runtime.engine.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.onnxruntime.Env;
import org.bytedeco.onnxruntime.LongVector;
import org.bytedeco.onnxruntime.OrtAllocator;
import org.bytedeco.onnxruntime.OrtMemoryInfo;
import org.bytedeco.onnxruntime.Session;
import org.bytedeco.onnxruntime.SessionOptions;
import org.bytedeco.onnxruntime.StringVector;
import org.bytedeco.onnxruntime.TypeInfo;
import org.bytedeco.onnxruntime.Value;
import org.bytedeco.onnxruntime.global.onnxruntime;

/// A graph in a session of ONNX Runtime.
final class OrtModel implements Model {
    private final String name;
    private final Session session;
    private final OrtMemoryInfo where;
    private final List<Port> inputs;
    private final List<Port> outputs;

    private OrtModel(String name, Session session, OrtMemoryInfo where) {
        this.name = name;
        this.session = session;
        this.where = where;
        this.inputs = infos(session.GetInputNames(), i -> session.GetInputTypeInfo(i));
        this.outputs = infos(session.GetOutputNames(), i -> session.GetOutputTypeInfo(i));
    }

    static OrtModel load(
            Env env, EngineOptions options, Optional<CustomOperators> operators, OrtMemoryInfo where, Path file) {
        var name = file.getFileName().toString();
        try (var sessionOptions = SessionSettings.create(options, operators, name);
                var path = Native.path(file)) {
            return open(file.toString(), name, where, () -> new Session(env, path, sessionOptions));
        }
    }

    static OrtModel load(
            Env env,
            EngineOptions options,
            Optional<CustomOperators> operators,
            OrtMemoryInfo where,
            String name,
            byte[] bytes) {
        try (SessionOptions sessionOptions = SessionSettings.create(options, operators, name);
                var data = new BytePointer(bytes)) {
            return open(name, name, where, () -> new Session(env, data, bytes.length, sessionOptions));
        }
    }

    private static OrtModel open(String origin, String name, OrtMemoryInfo where, Supplier<Session> code) {
        Session session;
        try {
            session = code.get();
        } catch (RuntimeException e) { // the bindings turn every C++ exception into a plain RuntimeException
            var message = Native.message(e);
            if (message.contains("Protobuf parsing failed") || message.contains("ModelProto does not have a graph")) {
                throw new BadInputException("%s is no ONNX file".formatted(origin), e);
            }
            throw new EngineException("%s cannot be loaded: %s".formatted(origin, message), e);
        }
        try {
            return new OrtModel(name, session, where);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private List<Port> infos(StringVector names, Function<Long, TypeInfo> types) {
        var infos = new ArrayList<Port>();
        try (names) {
            for (var i = 0L; i < names.size(); i++) {
                try (var text = names.get(i);
                        var type = types.apply(i)) {
                    infos.add(info(text.getString(), type));
                }
            }
        }
        return List.copyOf(infos);
    }

    private Port info(String tensor, TypeInfo type) {
        try (var info = type.GetTensorTypeAndShapeInfo()) {
            return new Port(
                    tensor,
                    dtype(tensor, info.GetElementType()),
                    LongStream.of(dims(info.GetShape())).boxed().toList());
        }
    }

    private DType dtype(String tensor, int number) {
        return ElementTypes.dtype(number)
                .orElseThrow(
                        () -> new BadInputException("%s: tensor '%s' has ONNX element type %d, which is not supported"
                                .formatted(name, tensor, number)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Port> inputs() {
        return inputs;
    }

    @Override
    public List<Port> outputs() {
        return outputs;
    }

    @Override
    public Optional<String> metadata(String key) {
        try (var allocator = new PointerPointer<OrtAllocator>(1)) {
            var api = onnxruntime.GetApi();
            api.GetAllocatorWithDefaultOptions(allocator); // never fails, the allocator belongs to the library
            try (var metadata = session.GetModelMetadata();
                    var text = metadata.LookupCustomMetadataMapAllocated(key, allocator.get(OrtAllocator.class))) {
                return text == null || text.isNull() ? Optional.empty() : Optional.of(text.getString());
            }
        }
    }

    @Override
    public Binding bind() {
        return new OrtBinding(this, session, where);
    }

    @Override
    public Outputs run(Map<String, DeviceTensor> feeds) {
        try (var binding = new OrtBinding(this, session, where)) {
            feeds.forEach(binding::input);
            return binding.fetch();
        }
    }

    /// Makes a tensor of a value that ONNX Runtime allocated.
    OrtTensor adopt(String output, Value value) {
        try (var info = value.GetTensorTypeAndShapeInfo()) {
            return OrtTensor.adopt(output, dtype(output, info.GetElementType()), dims(info.GetShape()), value);
        }
    }

    private static long[] dims(LongVector vector) {
        try (vector) {
            return vector.get();
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
