package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The kernels of attention with products of one kind, compiled for one architecture when a width of heads is first
/// asked for (some seconds), and kept.
final class AttentionCode implements AutoCloseable {
    private final Nvrtc compiler;
    private final String architecture;
    private final AttentionProducts products;
    private final Map<Integer, CudaModule> byWidth = new ConcurrentHashMap<>();

    /// @param architecture for instance `sm_90`
    AttentionCode(Nvrtc compiler, String architecture, AttentionProducts products) {
        this.compiler = compiler;
        this.architecture = architecture;
        this.products = products;
    }

    /// Machine code for heads of a width; needs no device.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException with the compiler's messages
    static byte[] compile(Nvrtc compiler, String architecture, AttentionProducts products, int width) {
        var together = AttentionForward.isTogether(products, width, architecture);
        var parts = Stream.concat(
                products.sources().stream(), together ? AttentionForward.SOURCES.stream() : Stream.<String>empty());
        var source = parts.map(CudaSource::read).collect(Collectors.joining("\n"));
        var code = together ? AttentionForward.CODE : architecture;
        var options = List.of("--gpu-architecture=" + code, "--std=c++17", "-DHEAD=" + width);
        return compiler.compile(source, "attention.cu", options);
    }

    /// The code for heads of a width, on the device that is current.
    CudaModule forWidth(int width) {
        return byWidth.computeIfAbsent(width, w -> CudaModule.load(compile(compiler, architecture, products, w)));
    }

    /// Sizes of an attention that it computes.
    ///
    /// @param qkv shape `[N, T, 3 H width]`
    /// @throws IllegalArgumentException if the kernels have no code for this width
    AttentionGrid grid(long[] qkv, long heads) {
        return AttentionGrid.of(qkv, heads, products);
    }

    /// How the forward pass is launched on this architecture.
    AttentionForward forward(AttentionGrid grid) {
        return AttentionForward.of(grid, architecture);
    }

    /// How the backward pass is launched as one kernel, if it can be on this architecture.
    Optional<Launch> wholeHead(AttentionGrid grid) {
        return AttentionHead.launch(grid, architecture);
    }

    @Override
    public void close() {
        byWidth.values().forEach(CudaModule::close);
        byWidth.clear();
    }
}
