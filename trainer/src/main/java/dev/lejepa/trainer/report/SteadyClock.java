package dev.lejepa.trainer.report;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The time of day when a sitting began, and from then on as many seconds later as have passed. Somebody who sets the
/// machine's clock, or a summer time gone wrong, moves neither the speed that people read nor the order of events.
public final class SteadyClock implements InstantSource {
    private final Instant began;
    private final LongSupplier nanos;
    private final long first;

    /// @param nanos counts nanoseconds from any moment on, and never jumps
    SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.began = wall.instant();
        this.nanos = nanos;
        this.first = nanos.getAsLong();
    }

    /// One that shows the machine's time now.
    public static SteadyClock start() {
        return new SteadyClock(InstantSource.system(), System::nanoTime);
    }

    @Override
    public Instant instant() {
        return began.plusNanos(nanos.getAsLong() - first);
    }
}
