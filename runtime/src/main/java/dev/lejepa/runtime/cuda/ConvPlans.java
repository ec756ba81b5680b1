package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.runtime.cudart.Cudnn;
import dev.lejepa.runtime.cudart.CudnnConvolution;
import dev.lejepa.runtime.cudart.CudnnDevice;
import dev.lejepa.runtime.cudart.CudnnPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How cuDNN computes the convolutions that were met so far. It is asked once for each, and not opened before the first.
final class ConvPlans implements AutoCloseable {
    private final boolean deterministic;
    private final Map<CudnnConvolution, CudnnPlan> plans = new HashMap<>();
    private Optional<CudnnDevice> device = Optional.empty();

    /// @param deterministic whether equal operands must give equal bits
    ConvPlans(boolean deterministic) {
        this.deterministic = deterministic;
    }

    /// The plan on the device that is current.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException if cuDNN has no kernel for it
    synchronized CudnnPlan of(CudnnConvolution convolution) {
        return plans.computeIfAbsent(convolution, c -> device().plan(c, deterministic));
    }

    private CudnnDevice device() {
        var found = device.orElseGet(
                () -> CudnnDevice.current(
                        Cudnn.open()
                                .orElseThrow(
                                        () -> new BadInputException(
                                                "libcudnn.so.9 cannot be loaded: convolutions need cuDNN 9; install it, or name its folder in LD_LIBRARY_PATH"))));
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
