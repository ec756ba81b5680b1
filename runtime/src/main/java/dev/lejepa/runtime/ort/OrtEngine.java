package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.runtime.cuda.CudaOperators;
import dev.lejepa.runtime.cuda.Measurements;
import dev.lejepa.runtime.cuda.Numerics;
import dev.lejepa.runtime.cuda.OwnKernels;
import dev.lejepa.runtime.cudart.CudaLibraries;
import dev.lejepa.runtime.cudart.CudaRuntime;
import dev.lejepa.runtime.cudart.KernelCache;
import dev.lejepa.runtime.engine.CudaStream;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Staging;
import dev.lejepa.runtime.engine.Use;
import dev.lejepa.runtime.host.HostOperators;
import dev.lejepa.runtime.kernel.Peers;
import dev.lejepa.runtime.onednn.OneDnn;
import dev.lejepa.runtime.onednn.OneDnnOperators;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
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

    private static final String CUDA = "CUDAExecutionProvider";

    private final Device device;
    private final Target target;
    private final MemoryInfo memory;
    private final OrtMemoryInfo host;
    private final Optional<OneDnn> library;
    private final Optional<CudaOperators> kernels;
    private final OrtContext context;
    private final long freeAtFirst;

    private OrtEngine(
            Device device,
            EngineOptions options,
            Env env,
            Optional<RemoteMemory> remote,
            Optional<CudaProvider> cuda,
            Optional<CudaOperators> kernels,
            Optional<ProductTrials> trials,
            Peers peers) {
        this.device = device;
        this.target = kernels.isPresent() ? Target.CUDA : cuda.isPresent() ? Target.CUDA_EXPLICIT : Target.ORT;
        this.kernels = kernels;
        this.memory = MemoryInfo.CreateCpu(DEVICE_ALLOCATOR, MEMORY_DEFAULT);
        this.host = memory.asOrtMemoryInfo();
        this.library = options.ownKernels() && target == Target.ORT ? OneDnn.open() : Optional.empty();
        this.context =
                new OrtContext(env, options, operators(options, cuda, peers), host, remote, cuda, kernels, trials);
        this.freeAtFirst = remote.map(RemoteMemory::freeBytes).orElse(0L);
    }

    private Optional<CustomOperators> operators(EngineOptions options, Optional<CudaProvider> cuda, Peers peers) {
        if (target != Target.ORT) {
            return kernels.map(k -> new CustomOperators(k.all(), cuda.map(_ -> CUDA)));
        }
        if (!options.ownKernels()) {
            return Optional.empty();
        }
        var all = new ArrayList<>(HostOperators.all(peers));
        library.ifPresent(l -> all.addAll(OneDnnOperators.over(l, options.threads())));
        if (library.isPresent() && library.get().computesBFloat16()) {
            all.addAll(HostOperators.onBFloat16(peers));
        }
        return Optional.of(new CustomOperators(all, Optional.empty()));
    }

    /// Opens a device: `cpu`, `cuda:N`, or `auto` for the first CUDA device that can be used, else the host's cores.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the device is unknown, or cannot be used: the message says what
    /// it lacks
    public static Engine open(String device, EngineOptions options) {
        return open(device, options, Peers.none());
    }

    /// The same for one of several processes.
    ///
    /// @param peers of this process, for kernels on host cores; on a CUDA device a process that has some chooses
    ///     kernels by rule alone, so that all choose the same
    public static Engine open(String device, EngineOptions options, Peers peers) {
        return switch (Device.parse(device)) {
            case Device.Auto _ -> open(Device.choose(0).device().toString(), options, peers);
            case Device.Cpu cpu -> openOn(cpu, options, Optional.empty(), peers);
            case Device.Cuda cuda -> openCuda(cuda, options, peers);
        };
    }

    /// The version of ONNX Runtime.
    public static String version() {
        NativeLibrary.load();
        try (var version = onnxruntime.GetVersionString()) {
            return version.getString();
        }
    }

    /// What a CUDA device calls itself, such as `NVIDIA H200`; nothing for host cores.
    ///
    /// @param device of an open engine
    public static Optional<String> deviceName(String device) {
        return Device.parse(device) instanceof Device.Cuda cuda
                ? Optional.of(CudaRuntime.open(cuda.ordinal()).deviceName())
                : Optional.empty();
    }

    /// Opens the host's cores with tensors elsewhere.
    static Engine openStaged(EngineOptions options, RemoteMemory remote) {
        return openOn(new Device.Cpu(), options, Optional.of(remote), Peers.none());
    }

    /// Opens the host's cores, with kernels for a device that computes in the host's memory.
    static Engine openEmulated(EngineOptions options, CudaOperators kernels) {
        NativeLibrary.load();
        return new OrtEngine(
                new Device.Cpu(),
                options,
                environment(options),
                Optional.empty(),
                Optional.empty(),
                Optional.of(kernels),
                Optional.empty(),
                Peers.none());
    }

    private static Engine openOn(Device.Cpu cpu, EngineOptions options, Optional<RemoteMemory> remote, Peers peers) {
        NativeLibrary.load();
        return new OrtEngine(
                cpu,
                options,
                environment(options),
                remote,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                peers);
    }

    private static Engine openCuda(Device.Cuda device, EngineOptions options, Peers peers) {
        NativeLibrary.requireCuda(device);
        var cuda = CudaRuntime.open(device.ordinal());
        NativeLibrary.loadCuda();
        var memory = new CudaMemory(cuda, device.ordinal());
        try {
            var provider = new CudaProvider(device.ordinal(), memory.stream());
            var numerics = new Numerics(options.tf32(), options.deterministic());
            var cache = KernelCache.ofUser(options.words());
            var measurements = options.ownKernels() && peers.alone() && !options.deterministic()
                    ? Optional.of(Measurements.kept(cache, place(cuda), options.words()))
                    : Optional.<Measurements>empty();
            var kernels = options.ownKernels()
                    ? OwnKernels.open(cuda.architecture(), numerics, cache, measurements, options.words())
                    : Optional.<CudaOperators>empty();
            var trials = kernels.filter(CudaOperators::computesProducts)
                    .flatMap(k -> measurements.map(m -> new ProductTrials(k, m)));
            return new OrtEngine(
                    device,
                    options,
                    environment(options),
                    Optional.of(memory),
                    Optional.of(provider),
                    kernels,
                    trials,
                    peers);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /// All about the machine that decides how fast kernels are.
    private static List<String> place(CudaRuntime cuda) {
        return List.of(
                cuda.deviceName(),
                Text.format("driver of CUDA %d", cuda.driverVersion()),
                "cuBLAS " + CudaLibraries.blasVersion(),
                "ONNX Runtime " + version());
    }

    private static Env environment(EngineOptions options) {
        try (var threading = new ThreadingOptions()) {
            threading.SetGlobalIntraOpNumThreads(options.threads());
            threading.SetGlobalInterOpNumThreads(1);
            threading.SetGlobalSpinControl(options.spin() ? 1 : 0);
            var env = Native.call(
                    "opening ONNX Runtime",
                    () -> new Env(threading.asOrtThreadingOptions(), onnxruntime.ORT_LOGGING_LEVEL_FATAL, "lejepa"));
            registerArena(env);
            return env;
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
        return context.options();
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public boolean onHost() {
        return context.remote().isEmpty();
    }

    @Override
    public Optional<CudaStream> cudaStream() {
        return context.remote().flatMap(RemoteMemory::cudaStream);
    }

    @Override
    public OptionalLong freeBytes() {
        return context.remote().map(m -> OptionalLong.of(m.freeBytes())).orElseGet(OptionalLong::empty);
    }

    @Override
    public long takenBytes() {
        return freeAtFirst - freeBytes().orElse(freeAtFirst);
    }

    @Override
    public long recordedBytes() {
        return context.remote().map(RemoteMemory::recordedBytes).orElse(0L);
    }

    @Override
    public OptionalDouble bfloat16Speedup() {
        return library.map(l -> OptionalDouble.of(l.bfloat16Speedup())).orElse(OptionalDouble.empty());
    }

    @Override
    public DeviceTensor allocate(String name, DType dtype, long... shape) {
        return context.remote()
                .<DeviceTensor>map(m -> RemoteTensor.allocate(name, dtype, shape.clone(), m))
                .orElseGet(() -> allocateOnHost(name, dtype, shape));
    }

    @Override
    public DeviceTensor allocateOnHost(String name, DType dtype, long... shape) {
        return OrtTensor.allocate(name, dtype, shape.clone(), host);
    }

    @Override
    public DeviceTensor wrap(String name, DType dtype, MemorySegment segment, long... shape) {
        return OrtTensor.wrap(name, dtype, shape.clone(), segment, host);
    }

    @Override
    public Staging staging(DeviceTensor tensor) {
        return switch (tensor) {
            case OrtTensor onHost -> new HostStaging(onHost);
            case RemoteTensor remote -> new RemoteStaging(context.remote().orElseThrow(), remote);
            default -> throw new EngineException(Text.format("tensor '%s' belongs to another engine", tensor.name()));
        };
    }

    /// What the word for a device stands for on this machine; for `auto`, also why it is not a CUDA device, if it
    /// is none.
    ///
    /// @param localRank number of this process among those of the machine: `auto` and `cuda` give each its own device
    /// @throws dev.lejepa.graphs.BadInputException if the device is unknown, or cannot be used
    public static Device.Choice choose(String device, int localRank) {
        return Device.choose(device, localRank);
    }

    @Override
    public Model load(Path graph, Use use) {
        InputFile.require(graph);
        return OrtModel.load(context, new GraphSource.OfFile(graph), use);
    }

    @Override
    public Model load(String name, byte[] graph) {
        return OrtModel.load(context, new GraphSource.OfBytes(name, graph), Use.ANY);
    }

    @Override
    public void close() {
        host.close();
        memory.close();
        context.env().close();
        context.remote().ifPresent(RemoteMemory::freeBytes); // makes the device this thread's, which unloading needs
        kernels.ifPresent(CudaOperators::close);
        context.remote().ifPresent(RemoteMemory::close);
        context.operators().ifPresent(CustomOperators::close);
        library.ifPresent(OneDnn::close);
    }
}
