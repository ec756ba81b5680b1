package dev.lejepa.runtime.cudart;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudnnDescriptors.Descriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// A device that cuDNN makes plans for.
public final class CudnnDevice implements AutoCloseable {
    // cudnnBackendDescriptorType_t and its attributes
    private static final int DEVICE = 38;
    private static final int DEVICE_OF_HANDLE = 2701;
    private static final int DEVICE_AS_JSON = 2702;
    private static final int GRAPH = 15;
    private static final int GRAPH_OPERATIONS = 801;
    private static final int HEURISTICS = 4;
    private static final int HEURISTICS_MODE = 200;
    private static final int HEURISTICS_GRAPH = 201;
    private static final int HEURISTICS_RESULTS = 202;
    private static final int HEURISTICS_DEVICE = 204;
    private static final int CONFIGURATION = 3;
    private static final int CONFIGURATION_ENGINE = 300;
    private static final int ENGINE = 2;
    private static final int ENGINE_NOTES = 1303;
    private static final int PLAN = 5;
    private static final int PLAN_CONFIGURATION = 401;
    private static final int PLAN_DEVICE = 407;

    /// The heuristics that know most, then kernels that are slow and nearly always there.
    private static final List<Integer> MODES = List.of(3, 2); // CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK

    // cudnnBackendNumericalNote_t
    private static final int MOST_NOTES = 32;
    private static final int ROUNDED_SUMS = 2;
    private static final int NOT_DETERMINISTIC = 4;

    private final Cudnn library;
    private final OptionalLong handle;
    private final CudnnDescriptors own;
    private final Descriptor device;

    private CudnnDevice(Cudnn library, OptionalLong handle, CudnnDescriptors own, Descriptor device) {
        this.library = library;
        this.handle = handle;
        this.own = own;
        this.device = device;
    }

    /// The device that is current.
    public static CudnnDevice current(Cudnn library) {
        var handle = library.handle();
        try {
            return of(
                    library,
                    OptionalLong.of(handle),
                    own -> own.make(DEVICE).with(DEVICE_OF_HANDLE, CudnnDescriptors.HANDLE, handle));
        } catch (RuntimeException e) {
            library.destroyHandle(handle);
            throw e;
        }
    }

    /// A device that need not be there: plans for it can be made, not run.
    ///
    /// @param json its properties, as cuDNN writes those of another
    static CudnnDevice described(Cudnn library, String json) {
        return of(library, OptionalLong.empty(), own -> own.make(DEVICE).withText(DEVICE_AS_JSON, json));
    }

    private static CudnnDevice of(
            Cudnn library, OptionalLong handle, Function<CudnnDescriptors, Descriptor> description) {
        var own = new CudnnDescriptors(library);
        try {
            return new CudnnDevice(library, handle, own, description.apply(own).complete());
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    /// How to compute a convolution: what cuDNN thinks to be fastest here, of what needs no more memory beside its
    /// tensors than they take themselves, if there is such.
    ///
    /// @param deterministic whether equal operands must give equal bits
    /// @throws CudaException if cuDNN has no kernel for it
    public CudnnPlan plan(CudnnConvolution convolution, boolean deterministic) {
        var all = new CudnnDescriptors(library);
        var reasons = new ArrayList<String>();
        try {
            var graph = all.make(GRAPH)
                    .with(GRAPH_OPERATIONS, convolution.describe(all))
                    .complete();
            for (var mode : MODES) {
                Optional<CudnnPlan> first = Optional.empty();
                for (var configuration : configurations(all, graph, mode)) {
                    if (isExact(configuration, deterministic)) {
                        var plan = complete(all, configuration, reasons);
                        if (plan.isPresent() && plan.get().workspaceBytes() <= convolution.bytes()) {
                            return plan.get();
                        }
                        first = first.or(() -> plan);
                    }
                }
                if (first.isPresent()) {
                    return first.get();
                }
            }
        } catch (CudaException e) {
            reasons.add(e.getMessage());
        }
        all.close();
        throw new CudaException(
                Text.format(
                        "cuDNN has no kernel for the %s%s",
                        convolution, reasons.isEmpty() ? "" : ": " + reasons.getFirst()),
                Cudnn.NO_CODE);
    }

    /// A plan, or nothing and a reason: the heuristics may name engines that are not there.
    private Optional<CudnnPlan> complete(CudnnDescriptors all, Descriptor configuration, List<String> reasons) {
        try {
            var plan = all.make(PLAN)
                    .with(PLAN_CONFIGURATION, configuration)
                    .with(PLAN_DEVICE, device)
                    .complete();
            return Optional.of(new CudnnPlan(library, handle, all, plan));
        } catch (CudaException e) {
            reasons.add(e.getMessage());
            return Optional.empty();
        }
    }

    private List<Descriptor> configurations(CudnnDescriptors all, Descriptor graph, int mode) {
        var heuristics = all.make(HEURISTICS)
                .with(HEURISTICS_GRAPH, graph)
                .withConstant(HEURISTICS_MODE, CudnnDescriptors.HEURISTICS_MODE, mode)
                .with(HEURISTICS_DEVICE, device)
                .complete();
        var count = heuristics.count(HEURISTICS_RESULTS, CudnnDescriptors.DESCRIPTOR);
        return heuristics.descriptors(HEURISTICS_RESULTS, CONFIGURATION, count);
    }

    private static boolean isExact(Descriptor configuration, boolean deterministic) {
        var engine = configuration.descriptors(CONFIGURATION_ENGINE, ENGINE, 1).getFirst();
        var notes = engine.constants(ENGINE_NOTES, CudnnDescriptors.NUMERICAL_NOTE, MOST_NOTES);
        return !notes.contains(ROUNDED_SUMS) && !(deterministic && notes.contains(NOT_DETERMINISTIC));
    }

    @Override
    public void close() {
        own.close();
        handle.ifPresent(library::destroyHandle);
    }
}
