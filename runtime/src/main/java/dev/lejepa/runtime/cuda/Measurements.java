package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.KernelCache;
import dev.lejepa.runtime.cudart.KernelKey;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Times of kernels that compute the same, on the device at hand.
@FunctionalInterface
public interface Measurements {
    /// What is not the rule's choice must be faster by this part, so that a tie that measuring cannot tell is decided by
    /// rule.
    double MARGIN = 0.02;

    /// Known times, else new ones.
    ///
    /// @param key of the code
    /// @param measure gives milliseconds of each kernel
    double[] of(KernelKey key, Supplier<double[]> measure);

    /// Tells a person what was measured, in a line.
    default void tell(String line) {}

    /// Those that are kept, so that the next start has the same times and chooses the same kernels.
    ///
    /// @param place all about the machine that decides how fast kernels are
    static Measurements kept(KernelCache cache, List<String> place, Consumer<String> words) {
        return new Measurements() {
            @Override
            public double[] of(KernelKey key, Supplier<double[]> measure) {
                return cache.measured(key.measuredOn(place), measure);
            }

            @Override
            public void tell(String line) {
                words.accept(line);
            }
        };
    }
}
