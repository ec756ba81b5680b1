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

    private final KernelModules modules;
    private final UpdateFormula formula;
    private final List<Part> parts;

    /// What one launch takes. Its code is made when it is first computed, and weights keep their shapes.
    private static final class Part {
        private final List<Update> updates;
        private final List<Settings> settings;
        private final long[] words;
        private Optional<Code> code = Optional.empty();

        Part(List<Update> updates) {
            this.updates = updates;
            this.settings = UpdateCode.settings(updates);
            this.words = new long[SETTINGS_WORDS * settings.size() + WORDS * updates.size()];
        }
    }

    private record Code(CudaModule module, UpdateGrid grid, List<Long> sizes) {}

    UpdateKernel(KernelModules modules, UpdateFormula formula) {
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
            fill(call, part, code);
            code.module.launch(UpdateCode.NAME, code.grid.launch(), call.stream(), part.words);
        }
    }

    /// Sets the words of a part, which has some thousands, to this call's addresses.
    private void fill(KernelCall call, Part part, Code code) {
        var at = 0;
        for (var s : part.settings) {
            part.words[at++] = call.input(s.rate());
            part.words[at++] = call.input(s.step());
        }
        for (var i = 0; i < part.updates.size(); i++) {
            var u = part.updates.get(i);
            var first = code.grid.first().get(i);
            fill(call, u, part.settings.indexOf(u.settings()), code.sizes.get(i), first, part.words, at);
            at += WORDS;
        }
    }

    private Code code(KernelCall call, List<Update> updates) {
        var sizes = updates.stream()
                .map(u -> LongStream.of(call.shape(u.weight())).reduce(1, Math::multiplyExact))
                .toList();
        return new Code(modules.module(UpdateCode.source(updates), UpdateCode.SOURCE), UpdateGrid.of(sizes), sizes);
    }

    /// Sets the structure `Update` of the kernel.
    ///
    /// @param at of the first of its words
    private void fill(KernelCall call, Update u, int settings, long size, int firstBlock, long[] words, int at) {
        var dims = call.shape(u.weight());
        words[at] = call.input(u.weight());
        words[at + 1] = call.input(u.moment1());
        words[at + 2] = call.input(u.moment2());
        words[at + 3] = call.output(u.firstResult(), dims);
        words[at + 4] = call.output(u.firstResult() + 1, dims);
        words[at + 5] = call.output(u.firstResult() + 2, dims);
        var floats = words[at] | words[at + 1] | words[at + 2] | words[at + 3] | words[at + 4] | words[at + 5];
        var gradient = call.input(u.gradient());
        var copy = u.copied() ? call.output(u.firstResult() + 3, dims) : 0;
        var narrow = formula.inputs().get(u.gradient()) == DType.BFLOAT16;
        var vectors =
                floats % VECTOR == 0 && gradient % (narrow ? HALF_VECTOR : VECTOR) == 0 && copy % HALF_VECTOR == 0;
        words[at + 6] = gradient;
        words[at + 7] = copy;
        words[at + 8] = size;
        words[at + 9] = packed(firstBlock, settings, narrow, vectors);
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
