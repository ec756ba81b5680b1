package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// The kernels of attention, for one architecture, when a width of heads is first asked for: compiling them takes some
/// seconds.
final class AttentionCode {
    /// Parts of one source, each of which needs those before.
    private static final List<String> SOURCES = List.of(
            "instructions.cu",
            "attention_tiles.cu",
            "attention_products.cu",
            "attention_forward.cu",
            "attention_queries.cu",
            "attention_keys.cu",
            "attention_head.cu",
            "attention_sums.cu");

    private static final String NAME = "attention.cu";

    private final KernelModules modules;
    private final Map<Integer, CudaModule> byWidth = new ConcurrentHashMap<>();

    AttentionCode(KernelModules modules) {
        this.modules = modules;
    }

    /// Machine code for heads of a width; needs no device.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException with the compiler's messages
    static byte[] compile(Nvrtc compiler, String architecture, int width) {
        return compiler.compile(source(), NAME, options(architecture, width));
    }

    private static String source() {
        return SOURCES.stream().map(CudaSource::read).collect(Collectors.joining("\n"));
    }

    private static List<String> options(String architecture, int width) {
        return KernelModules.options(architecture, "-DWIDTH=" + width);
    }

    /// The code for heads of a width, on the device that is current.
    CudaModule forWidth(int width) {
        return byWidth.computeIfAbsent(width, w -> modules.module(source(), NAME, options(modules.architecture(), w)));
    }

    /// How the backward pass is launched as one kernel, if it can be on this architecture.
    Optional<Launch> wholeHead(AttentionGrid grid) {
        return AttentionHead.launch(grid, modules.architecture());
    }
}
