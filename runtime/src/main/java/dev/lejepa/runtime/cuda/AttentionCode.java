package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.KernelKey;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The kernels of attention with products of one kind, for one architecture, when a width of heads is first asked for:
/// compiling them takes some seconds.
final class AttentionCode {
    private static final String NAME = "attention.cu";

    /// What kernels need whose blocks stay.
    private static final List<String> AHEAD = Stream.of(
                    List.of(AttentionRows.SOURCE), AttentionForward.AHEAD_SOURCES, AttentionTogether.SOURCES)
            .flatMap(List::stream)
            .toList();

    private final KernelModules modules;
    private final AttentionProducts products;
    /// What `modules` owns, so that no launch puts the source together again.
    private final Map<Integer, CudaModule> byWidth = new ConcurrentHashMap<>();

    /// What was chosen among kernels of the backward pass.
    private final Map<Shape, AttentionBackward> chosen = new ConcurrentHashMap<>();

    private final Optional<Measurements> measurements;

    private record Shape(AttentionGrid grid, boolean biased) {
        String describe() {
            return Text.format(
                    "attention's gradient of %d x %d tokens, %d heads of %d%s",
                    grid.images(), grid.tokens(), grid.heads(), grid.width(), biased ? " with a bias" : "");
        }
    }

    /// @param measurements empty where nothing may be measured
    AttentionCode(KernelModules modules, AttentionProducts products, Optional<Measurements> measurements) {
        this.modules = modules;
        this.products = products;
        this.measurements = measurements;
    }

    /// Machine code for heads of a width, and what the compiler has to say against it; needs no device.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException with the compiler's messages
    static Nvrtc.Code compile(Nvrtc compiler, String architecture, AttentionProducts products, int width) {
        var options = options(products, architecture, width, KernelModules.TELL_SPILLS);
        return compiler.compileAnew(source(products, architecture, width), NAME, options);
    }

    private static String source(AttentionProducts products, String architecture, int width) {
        var together = AttentionForward.isTogether(products, width, architecture)
                ? AttentionForward.SOURCES
                : List.<String>of();
        var ahead = AttentionRows.areThere(products, width, architecture) ? AHEAD : List.<String>of();
        return Stream.of(products.sources(width), together, ahead)
                .flatMap(List::stream)
                .map(CudaSource::read)
                .collect(Collectors.joining("\n"));
    }

    private static List<String> options(AttentionProducts products, String architecture, int width, String... others) {
        var together = AttentionForward.isTogether(products, width, architecture);
        var code = together ? ProductModules.WITH_ITS_OWN : architecture;
        return KernelModules.options(
                code,
                Stream.concat(Stream.of("-DHEAD=" + width), Stream.of(others)).toArray(String[]::new));
    }

    /// The code for heads of a width, on the device that is current.
    CudaModule forWidth(int width) {
        return byWidth.computeIfAbsent(width, this::module);
    }

    private CudaModule module(int width) {
        var architecture = modules.architecture();
        return modules.module(source(products, architecture, width), NAME, options(products, architecture, width));
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
        return AttentionForward.of(grid, modules.architecture());
    }

    /// How the backward pass is launched on this architecture, where nothing was measured.
    AttentionBackward backward(AttentionGrid grid) {
        return AttentionBackward.of(grid, modules.architecture());
    }

    /// The same, or the fastest of the kernels that take the shape, where they may be measured.
    ///
    /// @param trial gives milliseconds of each
    AttentionBackward backward(AttentionGrid grid, boolean biased, Function<List<AttentionBackward>, double[]> trial) {
        return chosen.computeIfAbsent(new Shape(grid, biased), shape -> {
            var all = AttentionBackward.all(grid, modules.architecture());
            return measurements.isEmpty() || all.size() == 1 || grid.slices().size() > 1
                    ? all.getFirst()
                    : fastest(all, shape, measurements.get(), trial);
        });
    }

    private AttentionBackward fastest(
            List<AttentionBackward> all,
            Shape shape,
            Measurements known,
            Function<List<AttentionBackward>, double[]> trial) {
        var width = shape.grid().width();
        var labels = all.stream().map(AttentionBackward::label).toList();
        var key = new KernelKey(
                modules.compiler(),
                options(products, modules.architecture(), width),
                Text.format("%s, %s", shape.describe(), labels),
                source(products, modules.architecture(), width));
        var millis = known.of(key, () -> trial.apply(all));
        known.tell(IntStream.range(0, millis.length)
                .mapToObj(i -> Text.format("%s %.3f", labels.get(i), millis[i]))
                .collect(Collectors.joining(", ", shape.describe() + ", ms: ", "")));
        return IntStream.range(1, millis.length)
                .boxed()
                .filter(i -> millis[i] < (1 - Measurements.MARGIN) * millis[0])
                .min(Comparator.comparing(i -> millis[i]))
                .map(all::get)
                .orElse(all.getFirst());
    }
}
