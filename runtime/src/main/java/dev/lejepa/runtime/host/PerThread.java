package dev.lejepa.runtime.host;

import dev.lejepa.runtime.kernel.KernelCall;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/// Tasks that need memory to work in: each thread makes its own once, for all that it does of a call.
final class PerThread {
    private PerThread() {}

    /// @param worker makes what does one task after the other, with memory of its own
    static void run(KernelCall call, int tasks, Supplier<IntConsumer> worker) {
        var idle = new ConcurrentLinkedDeque<IntConsumer>();
        call.parallel(tasks, task -> {
            var found = idle.pollFirst();
            var busy = found == null ? worker.get() : found;
            busy.accept(task);
            idle.addFirst(busy);
        });
    }
}
