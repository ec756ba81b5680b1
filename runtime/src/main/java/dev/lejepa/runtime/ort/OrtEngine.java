package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.onednn.OneDnn;
import dev.lejepa.runtime.onednn.OneDnnOperators;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.onnxruntime.ArenaCfg;
import org.bytedeco.onnxruntime.Env;
import org.bytedeco.onnxruntime.MemoryInfo;
import org.bytedeco.onnxruntime.OrtMemoryInfo;
import org.bytedeco.onnxruntime.ThreadingOptions;
import org.bytedeco.onnxruntime.global.onnxruntime;

/// An engine over ONNX Runtime. ONNX Runtime has one environment per process: while several engines are open at once,
/// all compute with the threads of the one opened first.
public final class OrtEngine implements Engine {
    // Numbers of enumerations that the bindings leave out.
    private static final int DEVICE_ALLOCATOR = 0;
    private static final int ARENA_ALLOCATOR = 1;
    private static final int MEMORY_DEFAULT = 0;
    private static final int EXTEND_SAME_AS_REQUESTED = 1;

    private final Device device;
    private final EngineOptions options;
    private final Env env;
    private final MemoryInfo memory;
    private final OrtMemoryInfo where;
    private final Optional<OneDnn> library;
    private final Optional<CustomOperators> operators;

    private OrtEngine(Device device, EngineOptions options, Env env) {
        this.device = device;
        this.options = options;
        this.env = env;
        this.memory = MemoryInfo.CreateCpu(DEVICE_ALLOCATOR, MEMORY_DEFAULT);
        this.where = memory.asOrtMemoryInfo();
        this.library = options.ownKernels() ? OneDnn.open() : Optional.empty();
        this.operators = library.map(l -> new CustomOperators(OneDnnOperators.over(l, options.threads())));
    }

    /// Opens a device: `cpu`, or `auto` for the fastest that this build can use.
    ///
    /// @throws BadInputException if the device is unknown or not built
    public static Engine open(String device, EngineOptions options) {
        var parsed = Device.parse(device);
        return switch (parsed) {
            case Device.Cpu cpu -> openCpu(cpu, options);
            case Device.Cuda cuda ->
                throw new BadInputException(
                        "device '%s' is not built yet: this version computes on cpu only".formatted(cuda));
        };
    }

    private static Engine openCpu(Device.Cpu cpu, EngineOptions options) {
        NativeLibrary.load();
        try (var threading = new ThreadingOptions()) {
            threading.SetGlobalIntraOpNumThreads(options.threads());
            threading.SetGlobalInterOpNumThreads(1);
            threading.SetGlobalSpinControl(options.spin() ? 1 : 0);
            var env = Native.call(
                    "opening ONNX Runtime",
                    () -> new Env(threading.asOrtThreadingOptions(), onnxruntime.ORT_LOGGING_LEVEL_FATAL, "lejepa"));
            registerArena(env);
            return new OrtEngine(cpu, options, env);
        }
    }

    /// One arena for all sessions of the environment. It grows by what is asked for; ONNX Runtime's own would double.
    private static void registerArena(Env env) {
        try (var info = MemoryInfo.CreateCpu(ARENA_ALLOCATOR, MEMORY_DEFAULT);
                var config = new ArenaCfg(0, EXTEND_SAME_AS_REQUESTED, -1, -1)) {
            Native.run(
                    "creating the arena",
                    () -> env.CreateAndRegisterAllocator(info.asOrtMemoryInfo(), config.asOrtArenaCfg()));
        }
    }

    @Override
    public String device() {
        return device.toString();
    }

    @Override
    public EngineOptions options() {
        return options;
    }

    @Override
    public OptionalDouble bfloat16Speedup() {
        return library.map(l -> OptionalDouble.of(l.bfloat16Speedup())).orElse(OptionalDouble.empty());
    }

    @Override
    public DeviceTensor allocate(String name, DType dtype, long... shape) {
        return OrtTensor.allocate(name, dtype, shape.clone(), where);
    }

    @Override
    public DeviceTensor wrap(String name, DType dtype, MemorySegment segment, long... shape) {
        return OrtTensor.wrap(name, dtype, shape.clone(), segment, where);
    }

    @Override
    public Model load(Path graph) {
        if (!Files.isRegularFile(graph)) {
            throw new BadInputException("%s: no such file".formatted(graph));
        }
        return OrtModel.load(env, options, operators, where, graph);
    }

    @Override
    public Model load(String name, byte[] graph) {
        return OrtModel.load(env, options, operators, where, name, graph);
    }

    @Override
    public void close() {
        where.close();
        memory.close();
        env.close();
        operators.ifPresent(CustomOperators::close);
        library.ifPresent(OneDnn::close);
    }
}
