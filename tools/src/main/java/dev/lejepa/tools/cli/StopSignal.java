package dev.lejepa.tools.cli;

import java.util.concurrent.CountDownLatch;

/// Ctrl-C, or a polite kill, while there is something to save: the JVM's shutdown waits until this is closed, and its
/// exit code is then the signal's own (130 for Ctrl-C).
public final class StopSignal implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::hold, "stop-signal");
    private volatile boolean requested;

    private StopSignal() {}

    /// Starts to listen.
    static StopSignal listen() {
        var signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /// True once somebody asked to stop.
    public boolean requested() {
        return requested;
    }

    private void hold() {
        requested = true;
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Lets the shutdown go on, or stops listening where there was none.
    @Override
    public void close() {
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                requested = true; // the shutdown began just now
            }
        }
        finished.countDown();
    }
}
