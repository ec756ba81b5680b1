package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.runtime.cudart.Cudnn;
import dev.lejepa.runtime.cudart.CudnnConvolution;
import dev.lejepa.runtime.cudart.CudnnDevice;
import dev.lejepa.runtime.cudart.CudnnPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// How cuDNN computes the convolutions that were met so far. It is asked once for each; what needs it says so before the
/// first is met.
final class ConvPlans implements AutoCloseable {
    private final boolean deterministic;
    private final Supplier<Optional<Cudnn>> opened;
    private final Map<CudnnConvolution, CudnnPlan> plans = new HashMap<>();
    private Optional<Cudnn> library = Optional.empty();
    private Optional<CudnnDevice> device = Optional.empty();

    /// @param deterministic whether equal operands must give equal bits
    /// @param opened opens cuDNN; empty where it is not installed
    ConvPlans(boolean deterministic, Supplier<Optional<Cudnn>> opened) {
        this.deterministic = deterministic;
        this.opened = opened;
    }

    /// Opens cuDNN.
    ///
    /// @throws BadInputException if it is missing or too old: the message says what does without
    synchronized void require() {
        library();
    }

    private Cudnn library() {
        var found = library.or(opened)
                .orElseThrow(
                        () -> new BadInputException(
                                "libcudnn.so.9 cannot be loaded: convolutions in bfloat16 need cuDNN 9; install it, or name its folder in LD_LIBRARY_PATH; train.precision=fp32 does without"));
        library = Optional.of(found);
        return found;
    }

    /// The plan on the device that is current.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException if cuDNN has no kernel for it
    synchronized CudnnPlan of(CudnnConvolution convolution) {
        return plans.computeIfAbsent(convolution, c -> device().plan(c, deterministic));
    }

    private CudnnDevice device() {
        var found = device.orElseGet(() -> CudnnDevice.current(library()));
        device = Optional.of(found);
        return found;
    }

    @Override
    public synchronized void close() {
        plans.values().forEach(CudnnPlan::close);
        plans.clear();
        device.ifPresent(CudnnDevice::close);
        device = Optional.empty();
    }
}
