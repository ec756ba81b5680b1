package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.engine.Staging;
import java.lang.foreign.MemorySegment;

/// Two buffers before a tensor on a device: one in host memory, from which the device copies while the host goes on, and
/// one on the device, so that a step may read the tensor meanwhile. The tensor's address stays what it is.
final class RemoteStaging implements Staging {
    private final RemoteMemory memory;
    private final RemoteTensor target;
    private final MemorySegment host;
    private final long buffer;
    private final RemoteMemory.Lane lane;

    RemoteStaging(RemoteMemory memory, RemoteTensor target) {
        this.memory = memory;
        this.target = target;
        this.host = memory.allocateHost(target.byteSize());
        this.buffer = memory.allocate(target.name() + " ahead", target.byteSize());
        this.lane = memory.lane();
    }

    @Override
    public void put(MemorySegment source) {
        OrtTensor.requireSize(target, source);
        memory.await(lane);
        host.copyFrom(source);
        memory.copyBeside(lane, buffer, host);
    }

    @Override
    public void take() {
        memory.join(lane);
        memory.copy(target.address(), buffer, target.byteSize());
        memory.release(lane);
    }

    @Override
    public void close() {
        memory.await(lane);
        lane.close();
        memory.free(buffer);
        memory.freeHost(host);
    }
}
