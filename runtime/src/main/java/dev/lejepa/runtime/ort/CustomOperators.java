package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.onnxruntime.CustomOpDomain;
import org.bytedeco.onnxruntime.OrtApi;
import org.bytedeco.onnxruntime.OrtCustomOp;
import org.bytedeco.onnxruntime.OrtKernelContext;
import org.bytedeco.onnxruntime.OrtKernelInfo;
import org.bytedeco.onnxruntime.OrtStatus;
import org.bytedeco.onnxruntime.SessionOptions;
import org.bytedeco.onnxruntime.global.onnxruntime;
import org.jspecify.annotations.Nullable;

/// Operators written in Java, as ONNX Runtime takes them: a structure of C function pointers for each. The bindings
/// allow few instances of a callback, so all operators share one set, and tell themselves apart by their structure's
/// address; kernels likewise by a number in place of a pointer.
final class CustomOperators implements AutoCloseable {
    /// The bindings look for a free instance of a callback without a lock of their own.
    private static final Object CALLBACKS = new Object();

    private static final int FAILED = 1; // ORT_FAIL
    private static final int DEFAULT_MEMORY = 0; // OrtMemTypeDefault
    private static final int NEWEST = Integer.MAX_VALUE;

    private final Map<Long, Structure> structures = new ConcurrentHashMap<>();
    private final Numbered<Node> nodes = new Numbered<>();
    private final OrtApi api = onnxruntime.GetApi();
    private final OrtTasks tasks;
    private final List<Pointer> held = new ArrayList<>();
    private final Optional<BytePointer> provider;
    private final OrtCustomOp functions = hold(new OrtCustomOp());
    private final List<Structure> ofAll;

    /// @param providerName the provider that the kernels belong to; empty for the host's
    CustomOperators(List<Operator> list, Optional<String> providerName) {
        this.provider = providerName.map(n -> hold(new BytePointer(n)));
        Pointer.memset(functions, 0, functions.sizeof());
        synchronized (CALLBACKS) {
            tasks = new OrtTasks();
            functions
                    .version(onnxruntime.ORT_API_VERSION)
                    .CreateKernelV2(hold(new Create()))
                    .KernelComputeV2(hold(new Compute()))
                    .KernelDestroy(hold(new Destroy()))
                    .GetName(hold(new Name()))
                    .GetExecutionProviderType(hold(new Provider()))
                    .GetInputTypeCount(hold(new InputCount()))
                    .GetOutputTypeCount(hold(new OutputCount()))
                    .GetInputType(hold(new InputType()))
                    .GetOutputType(hold(new OutputType()))
                    .GetInputCharacteristic(hold(new InputCharacteristic()))
                    .GetOutputCharacteristic(hold(new OutputCharacteristic()))
                    .GetInputMemoryType(hold(new InputMemory()))
                    .GetStartVersion(hold(new StartVersion()))
                    .GetEndVersion(hold(new EndVersion()));
        }
        this.ofAll = list.stream().map(Structure::new).toList();
    }

    /// What a session may use: these operators and others that belong to its graph alone. It must be closed after the
    /// session, and before this.
    Domain domain(List<Operator> ofGraph) {
        return new Domain(ofGraph);
    }

    /// A session's operators. It knows one domain of a name, so each has its own with all that it needs.
    final class Domain implements AutoCloseable {
        private final CustomOpDomain handle = new CustomOpDomain(Signature.DOMAIN);
        private final List<Structure> own;

        private Domain(List<Operator> ofGraph) {
            this.own = ofGraph.stream().map(Structure::new).toList();
            ofAll.forEach(s -> handle.Add(s.op));
            own.forEach(s -> handle.Add(s.op));
        }

        void addTo(SessionOptions options) {
            options.Add(handle.asOrtCustomOpDomain());
        }

        @Override
        public void close() {
            handle.close();
            own.forEach(Structure::close);
        }
    }

    /// A node of a session's graph.
    private record Node(Kernel kernel, CallBuffers buffers) {
        void close() {
            kernel.close();
            buffers.close();
        }
    }

    /// An operator in native memory.
    private final class Structure {
        private final Operator operator;
        private final OrtCustomOp op = new OrtCustomOp();
        private final BytePointer name;

        Structure(Operator operator) {
            this.operator = operator;
            this.name = new BytePointer(operator.signature().name());
            Pointer.memcpy(op, functions, op.sizeof());
            structures.put(op.address(), this);
        }

        void close() {
            structures.remove(op.address());
            op.close();
            name.close();
        }
    }

    private Operator operator(OrtCustomOp op) {
        return structure(op).operator;
    }

    private Signature signature(OrtCustomOp op) {
        return operator(op).signature();
    }

    private Structure structure(OrtCustomOp op) {
        var found = structures.get(op.address());
        if (found == null) {
            throw new IllegalStateException("an operator that was never registered");
        }
        return found;
    }

    private <P extends Pointer> P hold(P pointer) {
        held.add(pointer);
        return pointer;
    }

    @Override
    public void close() {
        ofAll.forEach(Structure::close);
        synchronized (CALLBACKS) {
            held.reversed().forEach(Pointer::close);
            tasks.close();
        }
    }

    /// Nothing may be thrown into native code.
    private static @Nullable OrtStatus guarded(Runnable code) {
        try {
            code.run();
            return null;
        } catch (RuntimeException | Error e) {
            var text = e.getMessage() == null ? e.toString() : e.getMessage();
            return onnxruntime.GetApi().CreateStatus().call(FAILED, new BytePointer(text));
        }
    }

    private final class Create extends OrtCustomOp.CreateKernelV2_OrtCustomOp_OrtApi_OrtKernelInfo_PointerPointer {
        @Override
        public @Nullable OrtStatus call(
                OrtCustomOp op, OrtApi api, OrtKernelInfo info, @SuppressWarnings("rawtypes") PointerPointer result) {
            return guarded(() -> {
                var kernel = operator(op).kernel().apply(new OrtAttributes(api, info));
                result.put(0, nodes.add(new Node(kernel, new CallBuffers())));
            });
        }
    }

    private final class Compute extends OrtCustomOp.KernelComputeV2_Pointer_OrtKernelContext {
        @Override
        public @Nullable OrtStatus call(Pointer kernel, OrtKernelContext context) {
            return guarded(() -> {
                var node = nodes.get(kernel);
                node.kernel().compute(new OrtKernelCall(api, context, tasks, node.buffers()));
            });
        }
    }

    private final class Destroy extends OrtCustomOp.KernelDestroy_Pointer {
        @Override
        public void call(Pointer kernel) {
            nodes.remove(kernel).close();
        }
    }

    private final class Name extends OrtCustomOp.GetName_OrtCustomOp {
        @Override
        public BytePointer call(OrtCustomOp op) {
            return structure(op).name;
        }
    }

    private final class Provider extends OrtCustomOp.GetExecutionProviderType_OrtCustomOp {
        @Override
        public @Nullable BytePointer call(OrtCustomOp op) {
            return provider.orElse(null); // none: the host's
        }
    }

    private final class InputCount extends OrtCustomOp.GetInputTypeCount_OrtCustomOp {
        @Override
        public long call(OrtCustomOp op) {
            return signature(op).operands().size();
        }
    }

    private final class OutputCount extends OrtCustomOp.GetOutputTypeCount_OrtCustomOp {
        @Override
        public long call(OrtCustomOp op) {
            return signature(op).results().size();
        }
    }

    private final class InputType extends OrtCustomOp.GetInputType_OrtCustomOp_long {
        @Override
        public int call(OrtCustomOp op, long index) {
            return ElementTypes.number(signature(op).operands().get((int) index));
        }
    }

    private final class OutputType extends OrtCustomOp.GetOutputType_OrtCustomOp_long {
        @Override
        public int call(OrtCustomOp op, long index) {
            return ElementTypes.number(signature(op).results().get((int) index));
        }
    }

    private final class InputCharacteristic extends OrtCustomOp.GetInputCharacteristic_OrtCustomOp_long {
        @Override
        public int call(OrtCustomOp op, long index) {
            return index < signature(op).operands().size() - signature(op).optional()
                    ? onnxruntime.INPUT_OUTPUT_REQUIRED
                    : onnxruntime.INPUT_OUTPUT_OPTIONAL;
        }
    }

    private static final class OutputCharacteristic extends OrtCustomOp.GetOutputCharacteristic_OrtCustomOp_long {
        @Override
        public int call(OrtCustomOp op, long index) {
            return onnxruntime.INPUT_OUTPUT_REQUIRED;
        }
    }

    private static final class InputMemory extends OrtCustomOp.GetInputMemoryType_OrtCustomOp_long {
        @Override
        public int call(OrtCustomOp op, long index) {
            return DEFAULT_MEMORY;
        }
    }

    private static final class StartVersion extends OrtCustomOp.GetStartVersion_OrtCustomOp {
        @Override
        public int call(OrtCustomOp op) {
            return 1;
        }
    }

    private static final class EndVersion extends OrtCustomOp.GetEndVersion_OrtCustomOp {
        @Override
        public int call(OrtCustomOp op) {
            return NEWEST;
        }
    }
}
