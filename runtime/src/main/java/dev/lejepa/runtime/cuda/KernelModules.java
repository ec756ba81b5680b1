package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The compiled code of an engine's kernels. What has the same source, as most formulas have in a network of equal
/// blocks, shares one module.
final class KernelModules implements AutoCloseable {
    /// Asks the compiler to say where registers did not suffice; wherever it keeps products from running beside each
    /// other it says so itself.
    static final String TELL_SPILLS = "--ptxas-options=--warn-on-spills";

    private final Nvrtc compiler;
    private final String architecture;
    private final Map<Key, CudaModule> modules = new ConcurrentHashMap<>();

    private record Key(String source, List<String> options) {}

    /// @param architecture of the device, for instance `sm_90`
    KernelModules(Nvrtc compiler, String architecture) {
        this.compiler = compiler;
        this.architecture = architecture;
    }

    /// What the compiler is told for every source.
    ///
    /// @param others for one of them
    static List<String> options(String architecture, String... others) {
        return Stream.concat(Stream.of("--gpu-architecture=" + architecture, "--std=c++17"), Stream.of(others))
                .toList();
    }

    String architecture() {
        return architecture;
    }

    /// A source's code, on the device that is current.
    ///
    /// @param name what the compiler's messages call the source
    CudaModule module(String source, String name) {
        return module(source, name, options(architecture));
    }

    /// The same with other options.
    CudaModule module(String source, String name, List<String> options) {
        return modules.computeIfAbsent(
                new Key(source, options), k -> CudaModule.load(compiler.compile(k.source(), name, k.options())));
    }

    @Override
    public void close() {
        modules.values().forEach(CudaModule::close);
        modules.clear();
    }
}
