package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.graphs.onnx.UpdateFormula.Settings;
import dev.lejepa.graphs.onnx.UpdateFormula.Update;
import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// AdamW of many weights: one launch for as many as the arguments of a kernel have room for, some hundreds.
final class UpdateKernel implements Kernel {
    /// Words of 64 bits that the kernel takes for an update, and for each of the settings.
    private static final int WORDS = 10;

    private static final int SETTINGS_WORDS = 2;

    /// Bytes that a thread reads at once where all tensors of an update begin at multiples of them.
    private static final int VECTOR = 16;

    private static final int HALF_VECTOR = VECTOR / 2;

    private final UpdateModules modules;
    private final UpdateFormula formula;
    private final List<Part> parts;

    /// What one launch takes. Its code is made when it is first computed, and weights keep their shapes.
    private static final class Part {
        private final List<Update> updates;
        private final List<Settings> settings;
        private Optional<Code> code = Optional.empty();

        Part(List<Update> updates) {
            this.updates = updates;
            this.settings = UpdateCode.settings(updates);
        }
    }

    private record Code(CudaModule module, UpdateGrid grid, List<Long> sizes) {}

    UpdateKernel(UpdateModules modules, UpdateFormula formula) {
        this.modules = modules;
        this.formula = formula;
        this.parts = parts(formula.updates()).stream().map(Part::new).toList();
    }

    /// Neighbors that one launch takes.
    static List<List<Update>> parts(List<Update> all) {
        var settings = UpdateCode.settings(all).size();
        var most = (CudaModule.MOST_ARGUMENTS - SETTINGS_WORDS * settings) / WORDS;
        var parts = new ArrayList<List<Update>>();
        for (var i = 0; i < all.size(); i += most) {
            parts.add(all.subList(i, Math.min(all.size(), i + most)));
        }
        return parts;
    }

    @Override
    public void compute(KernelCall call) {
        for (var part : parts) {
            if (part.code.isEmpty()) {
                part.code = Optional.of(code(call, part.updates));
            }
            var code = part.code.get();
            var words = new ArrayList<Object>(CudaModule.MOST_ARGUMENTS);
            for (var s : part.settings) {
                words.add(call.input(s.rate()));
                words.add(call.input(s.step()));
            }
            for (var i = 0; i < part.updates.size(); i++) {
                var u = part.updates.get(i);
                var first = code.grid.first().get(i);
                words.addAll(words(call, u, part.settings.indexOf(u.settings()), code.sizes.get(i), first));
            }
            code.module.launch(UpdateCode.NAME, code.grid.launch(), call.stream(), words.toArray());
        }
    }

    private Code code(KernelCall call, List<Update> updates) {
        var sizes = updates.stream()
                .map(u -> LongStream.of(call.shape(u.weight())).reduce(1, Math::multiplyExact))
                .toList();
        return new Code(modules.module(updates), UpdateGrid.of(sizes), sizes);
    }

    /// The structure `Update` of the kernel.
    private List<Long> words(KernelCall call, Update u, int settings, long size, int firstBlock) {
        var dims = call.shape(u.weight());
        var floats = List.of(
                call.input(u.weight()),
                call.input(u.moment1()),
                call.input(u.moment2()),
                call.output(u.firstResult(), dims),
                call.output(u.firstResult() + 1, dims),
                call.output(u.firstResult() + 2, dims));
        var gradient = call.input(u.gradient());
        var copy = u.copied() ? call.output(u.firstResult() + 3, dims) : 0;
        var narrow = formula.inputs().get(u.gradient()) == DType.BFLOAT16;
        var vectors = floats.stream().allMatch(a -> a % VECTOR == 0)
                && gradient % (narrow ? HALF_VECTOR : VECTOR) == 0
                && copy % HALF_VECTOR == 0;
        var words = new ArrayList<>(floats);
        words.add(gradient);
        words.add(copy);
        words.add(size);
        words.add(packed(firstBlock, settings, narrow, vectors));
        return words;
    }

    /// An int, a short and two bytes.
    static long packed(int firstBlock, int settings, boolean narrow, boolean vectors) {
        return firstBlock | (long) settings << 32 | (narrow ? 1L << 48 : 0) | (vectors ? 1L << 56 : 0);
    }

    @Override
    public void close() {
        // the code belongs to the operators
    }
}
