package dev.lejepa.trainer.train;

import dev.lejepa.runtime.engine.States;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// States as host memory: the tensors themselves where the device computes there, else copies that live until closed.
final class HostStates implements AutoCloseable {
    private final States states;
    private final Arena arena = Arena.ofConfined();

    HostStates(States states) {
        this.states = states;
    }

    MemorySegment segment(String name) {
        var tensor = states.get(name);
        if (tensor.onHost()) {
            return tensor.segment();
        }
        var copy = arena.allocate(tensor.byteSize());
        tensor.copyTo(copy);
        return copy;
    }

    @Override
    public void close() {
        arena.close();
    }
}
