package dev.lejepa.runtime.ort;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.onnxruntime.KernelContext;

/// Java code on ONNX Runtime's threads: the threads that compute all other operators, so that none compete.
final class OrtTasks implements AutoCloseable {
    private record Batch(IntConsumer body, AtomicReference<Throwable> failure) {}

    private final Numbered<Batch> running = new Numbered<>();
    private final Entry entry = new Entry();

    void run(KernelContext context, int tasks, IntConsumer body) {
        if (tasks == 1) {
            body.accept(0);
            return;
        }
        var batch = new Batch(body, new AtomicReference<>());
        var id = running.add(batch);
        try {
            context.ParallelFor(entry, tasks, 0, id);
        } finally {
            running.remove(id);
        }
        switch (batch.failure.get()) {
            case null -> {}
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        entry.close();
    }

    private final class Entry extends KernelContext.Fn_Pointer_long {
        @Override
        public void call(Pointer id, long task) {
            var batch = running.get(id);
            try {
                batch.body.accept((int) task);
            } catch (Throwable e) { // nothing may be thrown into native code
                batch.failure.compareAndSet(null, e);
            }
        }
    }
}
