package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.cudart.KernelCache;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Whether a device can have kernels of ours. Without them everything can be computed too, and people are told why it
/// takes longer.
public final class OwnKernels {
    /// By what a step of ViT-S/8 took on an H200 with kernels for what lies between products, and without.
    private static final String COST =
            "everything works, but a step takes about twice as long and more memory, as ONNX Runtime's kernels compute attention and what lies between products";

    private static final String PROBE = "extern \"C\" __global__ void probe() {}";

    private OwnKernels() {}

    /// The operators with kernels of ours for a device, if it can have them.
    ///
    /// @param architecture of the device, for instance `sm_90`
    /// @param cache of compiled code
    /// @param measurements by which kernels that compute the same are chosen; empty where a rule alone may choose
    /// @param words gets the reason why not, and what else a person should know of kernels, a line each
    public static Optional<CudaOperators> open(
            String architecture,
            Numerics numerics,
            KernelCache cache,
            Optional<Measurements> measurements,
            Consumer<String> words) {
        return open(
                architecture,
                c -> new CudaOperators(c, architecture, numerics, measurements),
                () -> Nvrtc.open(cache),
                words);
    }

    /// @param compiler empty where it is not installed
    static Optional<CudaOperators> open(
            String architecture,
            Function<Nvrtc, CudaOperators> operators,
            Supplier<Optional<Nvrtc>> compiler,
            Consumer<String> words) {
        if (!CudaOperators.runOn(architecture)) {
            words.accept(Text.format(
                    "kernels of ours need an NVIDIA device of compute capability 8.0 (sm_80) or newer, this one is %s: %s",
                    architecture, COST));
            return Optional.empty();
        }
        var found = compiler.get();
        if (found.isEmpty()) {
            words.accept(Text.format(
                    "%s (NVRTC, CUDA's compiler) cannot be loaded, so there are no kernels of ours: %s; install it, or name its folder in LD_LIBRARY_PATH",
                    Nvrtc.LIBRARY, COST));
            return Optional.empty();
        }
        try {
            found.get().compile(PROBE, "probe.cu", List.of("--gpu-architecture=" + architecture));
            return found.map(operators);
        } catch (CudaException e) { // a device newer than the compiler, a compiler without its other files
            words.accept(Text.format(
                    "%s compiles nothing for this device, so there are no kernels of ours: %s (%s)",
                    Nvrtc.LIBRARY, COST, inOneLine(e)));
            return Optional.empty();
        }
    }

    private static String inOneLine(CudaException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }
}
