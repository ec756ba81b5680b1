package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Staging;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A copy of host memory, for a tensor in host memory.
final class HostStaging implements Staging {
    private final Arena arena = Arena.ofShared();
    private final DeviceTensor target;
    private final MemorySegment copy;

    HostStaging(DeviceTensor target) {
        this.target = target;
        this.copy = arena.allocate(target.byteSize(), Long.BYTES);
    }

    @Override
    public void put(MemorySegment source) {
        OrtTensor.requireSize(target, source);
        copy.copyFrom(source);
    }

    @Override
    public void take() {
        target.copyFrom(copy);
    }

    @Override
    public void close() {
        arena.close();
    }
}
