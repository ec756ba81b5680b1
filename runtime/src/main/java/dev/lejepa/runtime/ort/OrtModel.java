package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.Binding;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Outputs;
import dev.lejepa.runtime.engine.Port;
import dev.lejepa.runtime.engine.Use;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.onnxruntime.LongVector;
import org.bytedeco.onnxruntime.OrtAllocator;
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
    private final OrtContext context;
    private final Optional<CustomOperators.Domain> operators;
    private final List<Port> inputs;
    private final List<Port> outputs;

    private OrtModel(String name, Session session, OrtContext context, Optional<CustomOperators.Domain> operators) {
        this.name = name;
        this.session = session;
        this.context = context;
        this.operators = operators;
        this.inputs = infos(session.GetInputNames(), i -> session.GetInputTypeInfo(i));
        this.outputs = infos(session.GetOutputNames(), i -> session.GetOutputTypeInfo(i));
    }

    static OrtModel load(OrtContext context, GraphSource graph, Use use) {
        return load(context, graph, use, operators(context, graph, use));
    }

    /// The same with other operators, which are closed with the model.
    static OrtModel load(OrtContext context, GraphSource graph, Use use, Optional<CustomOperators.Domain> operators) {
        Optional<Session> session = Optional.empty();
        try (var options = context.session(graph.name(), use, operators)) {
            session = Optional.of(session(context, graph, options));
            return new OrtModel(graph.name(), session.get(), context, operators);
        } catch (RuntimeException | Error e) {
            session.ifPresent(s -> release(context, s));
            operators.ifPresent(CustomOperators.Domain::close);
            throw e;
        }
    }

    private static Optional<CustomOperators.Domain> operators(OrtContext context, GraphSource graph, Use use) {
        try {
            return context.domain(graph, use);
        } catch (IOException e) {
            throw new EngineException(Text.format("%s cannot be read: %s", graph.origin(), e.getMessage()), e);
        }
    }

    private static Session session(OrtContext context, GraphSource graph, SessionOptions options) {
        try {
            return graph.open(context.env(), options);
        } catch (RuntimeException e) { // the bindings turn every C++ exception into a plain RuntimeException
            var message = Native.message(e);
            if (message.contains("Protobuf parsing failed") || message.contains("ModelProto does not have a graph")) {
                throw new BadInputException(Text.format("%s is no ONNX file", graph.origin()), e);
            }
            var fault = new EngineException(Text.format("%s cannot be loaded: %s", graph.origin(), message), e);
            throw context.meaning(fault, graph.name());
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
                .orElseThrow(() -> new BadInputException(Text.format(
                        "%s: tensor '%s' has ONNX element type %d, which is not supported", name, tensor, number)));
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
        return new OrtBinding(this, session, context);
    }

    @Override
    public Outputs run(Map<String, DeviceTensor> feeds) {
        try (var binding = new OrtBinding(this, session, context)) {
            feeds.forEach(binding::input);
            return binding.fetch();
        }
    }

    /// Makes a tensor of a value that ONNX Runtime allocated.
    OrtTensor adopt(String output, Value value) {
        try (var info = value.GetTensorTypeAndShapeInfo()) {
            var type = dtype(output, info.GetElementType());
            return OrtTensor.adopt(output, type, dims(info.GetShape()), value, context.host());
        }
    }

    private static long[] dims(LongVector vector) {
        try (vector) {
            return vector.get();
        }
    }

    /// Frees a session, which nothing else may do. If a device cannot be waited for because it is lost, the session
    /// stays: freeing it would fail likewise.
    private static void release(OrtContext context, Session session) {
        context.remote().ifPresentOrElse(memory -> memory.end(session), session::close);
    }

    @Override
    public void close() {
        release(context, session);
        operators.ifPresent(CustomOperators.Domain::close);
    }
}
